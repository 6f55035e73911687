/* What the bindings of liburing are made from. Ours; it only includes. */
#include "liburing.prelude.h"
/* io_uring_prep_ftruncate asks for _GNU_SOURCE. After features.h, so that the C library does not hear of it. */
#include <features.h>
#define _GNU_SOURCE
#include <liburing.h>
