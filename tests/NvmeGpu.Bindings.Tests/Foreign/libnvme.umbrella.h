/* A library that the header compiler was not made for. Ours; it only includes. */
#include <libnvme.h>
#include <libnvme-mi.h>
