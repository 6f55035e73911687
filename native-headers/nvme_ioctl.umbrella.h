/* What the bindings of the NVMe driver's ioctls are made from. Ours; it only includes. */
#include <sys/ioctl.h> /* _IOWR: without it the ioctl macros have no value */
#include <linux/nvme_ioctl.h>
