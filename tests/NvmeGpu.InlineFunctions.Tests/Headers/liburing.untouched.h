/*
 * What gcc sees of liburing: the real header with its own barrier.h, which the umbrella header replaces for the header
 * compiler. _GNU_SOURCE as there: io_uring_prep_ftruncate asks for it.
 */
#include <features.h>
#define _GNU_SOURCE
#include <liburing.h>
