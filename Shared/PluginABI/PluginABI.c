/* The interface consists of headers only, but a package target needs a source file. It also checks that the headers are valid C. */
#include "unladen_adapter.h"

_Static_assert(offsetof(unladen_adapter, describe) == 8, "the table must begin with its size and its version");
