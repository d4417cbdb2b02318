/*
 * What all kinds of plugins share: manifest, table, self-test, bytes, statuses and output.
 *
 * A plugin is a dynamic library with a manifest. The host loads it once, with dlopen(RTLD_NOW | RTLD_LOCAL), and never unloads it. It
 * can be written in any language that can export a C function: this header and the header of the kind (unladen_adapter.h) are the whole
 * interface.
 *
 * The manifest is a JSON file NAME.plugin.json:
 *
 *   {
 *     "kind": "adapter",            the kind of plugin; currently "adapter"
 *     "name": "anthropic",          ASCII letters, digits, '-' and '_'; unique among the plugins of a kind
 *     "version": "1.2.0",           the plugin's own version, for display
 *     "abi": 1,                     the major version of the interface that it was built for
 *     "library": "libX.so",         a file name without '/', in the manifest's directory or its parent directory
 *     "vectors": "x.vectors.json"   optional: the self-test, a file name without '/', in the manifest's directory
 *   }
 *
 * A kind may define further members. The host reads the manifest before it loads the library. It rejects an incompatible plugin and
 * reports the reason; other plugins are not affected. It also rejects a plugin if one of its files belongs to a user other than root and
 * the host's, or is writable by all users.
 *
 * The library exports one function, whose name ends in the version of the interface. The function has no parameters and returns a
 * pointer to a table, a struct that begins with
 *
 *   uint32_t size;                  the size of the struct in the plugin; functions beyond it don't exist
 *   uint32_t abi;                   the version of the interface, as in the manifest
 *
 * and continues with functions only. It returns null if the plugin can't run in this environment.
 *
 * The self-test is a JSON file {"vectors": [{"name": "…", …}, …]}. The header of the kind describes the other members of a vector.
 */
#ifndef UNLADEN_PLUGIN_H
#define UNLADEN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that belong to the caller. They are valid only until the call that they were passed to returns; copy them to keep them. They
 * are not null-terminated. `data` may be null when `size` is 0. */
typedef struct unladen_bytes {
    const uint8_t *data;
    size_t size;
} unladen_bytes;

/* The result of a call. A host treats an unknown status as UNLADEN_FAILED. With any status other than UNLADEN_OK, the plugin should
 * emit a message (UNLADEN_OUT_MESSAGE) before it returns; the host ignores other output of that call, except where noted. */
typedef int32_t unladen_status;
enum {
    UNLADEN_OK = 0,
    /* The request is invalid: clients receive status 400 with the message. */
    UNLADEN_INVALID = 1,
    /* The request is valid, but the provider or this plugin doesn't support it: clients receive status 422 with the message. */
    UNLADEN_UNSUPPORTED = 2,
    /* The configuration is invalid: the host rejects it with the message. */
    UNLADEN_MISCONFIGURED = 3,
    /* The provider's response can't be decoded: clients receive status 502. */
    UNLADEN_MALFORMED = 4,
    /* The plugin failed: clients receive an error, and the host logs the message. */
    UNLADEN_FAILED = 5
};

/* The output of a call. A plugin may call `emit` any number of times, but only during the call that the output was passed to and on its
 * thread. The host copies the value before `emit` returns. Nothing is allocated on one side and freed on the other. */
typedef struct unladen_output {
    void *context;
    /* `kind` is one of the UNLADEN_OUT_ values. A host ignores unknown kinds. */
    void (*emit)(void *context, uint32_t kind, unladen_bytes value);
} unladen_output;

enum {
    /* A human-readable message in UTF-8, without secrets, that explains why the call failed. */
    UNLADEN_OUT_MESSAGE = 1
};

#ifdef __cplusplus
}
#endif
#endif
