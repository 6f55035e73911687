/* What the bindings of liburing are made from. Ours; it only includes. */
#include <liburing.h>
