/* What the bindings of the CUDA driver API are made from. Ours; it only includes. */
#include <cuda.h>
