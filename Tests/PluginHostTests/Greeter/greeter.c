/*
 * A plugin of a kind that exists only in these tests. Each WITH_… macro adds a defect that the host must detect.
 */
#include <string.h>

#include "unladen_plugin.h"

enum { GREETER_ABI = 3, OUT_GREETING = 16 };

typedef struct greeter {
    uint32_t size;
    uint32_t abi;
    /* Emits OUT_GREETING twice: a word and the name. An empty name is invalid. */
    unladen_status (*greet)(unladen_bytes name, unladen_output output);
    /* A function that a later version appended. */
    unladen_status (*leave)(unladen_output output);
} greeter;

static void say(unladen_output output, uint32_t kind, const char *text) {
    output.emit(output.context, kind, (unladen_bytes){(const uint8_t *)text, strlen(text)});
}

static unladen_status greet(unladen_bytes name, unladen_output output) {
    if (name.size == 0) {
        say(output, UNLADEN_OUT_MESSAGE, "an early message");
        say(output, UNLADEN_OUT_MESSAGE, "the name is empty");
        return UNLADEN_INVALID;
    }
    say(output, OUT_GREETING, "Hello");
    output.emit(output.context, OUT_GREETING, name);
    output.emit(output.context, OUT_GREETING + 1, (unladen_bytes){0, 0});
    return UNLADEN_OK;
}

static const greeter table = {
#ifdef WITH_SHORT_TABLE
    .size = 8,
#else
    .size = sizeof(greeter),
#endif
#ifdef WITH_OTHER_ABI
    .abi = GREETER_ABI + 1,
#else
    .abi = GREETER_ABI,
#endif
#ifndef WITH_MISSING_FUNCTION
    .greet = greet,
#endif
};

#ifdef WITH_OTHER_SYMBOL
const greeter *greeter_v4(void) { return &table; }
#elif defined(WITH_NO_TABLE)
const greeter *greeter_v3(void) { return 0; }
#else
const greeter *greeter_v3(void) { return &table; }
#endif
