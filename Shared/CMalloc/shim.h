// glibc's settings of its allocator (mallopt(3)), which Swift's Glibc module leaves out.
#include <malloc.h>
