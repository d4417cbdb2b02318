/* The interface is the headers; a package target needs a source. This one holds them to C. */
#include "unladen_adapter.h"

_Static_assert(offsetof(unladen_adapter, describe) == 8, "the table begins with its size and its version");
