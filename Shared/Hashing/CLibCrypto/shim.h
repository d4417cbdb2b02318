// The functions that hash without allocating memory, and so can't fail. OpenSSL 3 deprecates them in favor of its providers.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
