/*
 * What every kind of plugin shares: bytes, statuses and output.
 *
 * A plugin is a dynamic library with a manifest beside it. It is loaded once, with dlopen(RTLD_NOW | RTLD_LOCAL), and stays
 * until the process ends. Any language that can export a C function can make one: this header and the header of the kind
 * (unladen_adapter.h) are the whole interface.
 *
 * The manifest is a JSON file NAME.plugin.json:
 *
 *   {
 *     "kind": "adapter",            what it is; this header's reader knows "adapter"
 *     "name": "anthropic",          letters, digits, '-' and '_'; unique among the plugins of a kind
 *     "version": "1.2.0",           the plugin's own version, for people
 *     "abi": 1,                     the major version of the interface it was built for
 *     "library": "libX.so",         a file name without '/'; beside the manifest or in the folder above it
 *     "vectors": "x.vectors.json"   optional: the self-test, a file name without '/', beside the manifest
 *   }
 *
 * The host reads it before it loads the library, and refuses a plugin that doesn't fit, with the reason; the others go on.
 */
#ifndef UNLADEN_PLUGIN_H
#define UNLADEN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that belong to the caller. They may be read until the call that they were passed to returns, and no longer; what is
 * needed after that must be copied. Not terminated by a zero. `data` may be null when `size` is 0. */
typedef struct unladen_bytes {
    const uint8_t *data;
    size_t size;
} unladen_bytes;

/* How a call ended. A host takes a status that it doesn't know for UNLADEN_FAILED. With every status but UNLADEN_OK the plugin
 * should emit a message (UNLADEN_OUT_MESSAGE) before it returns; other output of that call is then ignored. */
typedef int32_t unladen_status;
enum {
    UNLADEN_OK = 0,
    /* The caller's request is wrong: clients get 400 with the message. */
    UNLADEN_INVALID = 1,
    /* The request is right, and the provider or this plugin can't do it: clients get 422 with the message. */
    UNLADEN_UNSUPPORTED = 2,
    /* The configuration is wrong: it is refused with the message. */
    UNLADEN_MISCONFIGURED = 3,
    /* What the provider sent can't be understood: clients get 502. */
    UNLADEN_MALFORMED = 4,
    /* The plugin failed: clients get 500, and the message goes to the log. */
    UNLADEN_FAILED = 5
};

/* The host's end of a call's output. A plugin calls `emit` any number of times, during the call it was passed to and on its
 * thread only; the host copies the value before `emit` returns. Nothing is allocated on one side and freed on the other. */
typedef struct unladen_output {
    void *context;
    /* `kind` is one of the UNLADEN_OUT_ values. A host ignores kinds that it doesn't know. */
    void (*emit)(void *context, uint32_t kind, unladen_bytes value);
} unladen_output;

enum {
    /* UTF-8 text for people, without secrets: why the call didn't end with UNLADEN_OK. */
    UNLADEN_OUT_MESSAGE = 1
};

#ifdef __cplusplus
}
#endif
#endif
