/* A library that the header compiler was not made for. Ours; it only includes. */
#include <sqlite3.h>
