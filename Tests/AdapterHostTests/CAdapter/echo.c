/*
 * An adapter in plain C that uses only the headers. Its provider responds with the bytes of the request's body, and streams one line per
 * event. It demonstrates the interface, and each WITH_… macro adds a defect that the host must detect.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unladen_adapter.h"

struct unladen_endpoint {
    char url[256];
};

struct unladen_stream {
    size_t length;
    char line[4096];
};

static unladen_bytes text(const char *text) { return (unladen_bytes){(const uint8_t *)text, strlen(text)}; }

static void say(unladen_output output, uint32_t kind, const char *value) { output.emit(output.context, kind, text(value)); }

static unladen_status describe(unladen_output output) {
    say(output, 4711, "an unknown kind of output");
#ifdef WITH_NO_PROVIDER
    say(output, UNLADEN_OUT_DESCRIPTION, "{\"providers\": []}");
#else
    say(output, UNLADEN_OUT_DESCRIPTION,
        "{\"providers\": [{\"name\": \"echo\", \"tasks\": [\"chat\"], \"streams\": [\"chat\"], \"features\": [],"
        " \"config\": [{\"name\": \"echo_url\", \"type\": \"string\", \"required\": true, \"secret\": false}]}]}");
#endif
    return UNLADEN_OK;
}

/* A minimal JSON lookup: the text between KEY": " and the next quote. */
static int find(unladen_bytes json, const char *key, char *value, size_t size) {
    char copy[4096];
    size_t length = json.size < sizeof copy - 1 ? json.size : sizeof copy - 1;
    memcpy(copy, json.data, length);
    copy[length] = 0;
    char *start = strstr(copy, key);
    if (!start || !(start = strchr(start, ':')) || !(start = strchr(start, '"'))) return 0;
    char *end = strchr(++start, '"');
    if (!end || (size_t)(end - start) >= size) return 0;
    memcpy(value, start, (size_t)(end - start));
    value[end - start] = 0;
    return 1;
}

static unladen_status open_endpoint(unladen_bytes configuration, unladen_output output, unladen_endpoint **endpoint) {
    unladen_endpoint *made = calloc(1, sizeof *made);
    if (!made) return UNLADEN_FAILED;
    if (!find(configuration, "\"echo_url\"", made->url, sizeof made->url)) {
        free(made);
        say(output, UNLADEN_OUT_MESSAGE, "'echo_url' is missing");
        return UNLADEN_MISCONFIGURED;
    }
    *endpoint = made;
    return UNLADEN_OK;
}

static void close_endpoint(unladen_endpoint *endpoint) { free(endpoint); }

static unladen_status encode(const unladen_endpoint *endpoint, const unladen_call *call, unladen_output output) {
    if (call->task != UNLADEN_TASK_CHAT) {
        say(output, UNLADEN_OUT_MESSAGE, "echo supports only chat");
        return UNLADEN_UNSUPPORTED;
    }
    char head[512];
    snprintf(head, sizeof head, "{\"method\": \"POST\", \"url\": \"%s\", \"headers\": [[\"x-time\", \"%lld\"]]}", endpoint->url,
             (long long)call->time);
    say(output, UNLADEN_OUT_REQUEST, head);
    output.emit(output.context, UNLADEN_OUT_BODY, call->body);
    return UNLADEN_OK;
}

static unladen_status decode_response(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output) {
    (void)endpoint, (void)call;
    output.emit(output.context, UNLADEN_OUT_BODY, response->body);
    return UNLADEN_OK;
}

static unladen_status decode_error(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output) {
    (void)endpoint, (void)call;
    char error[64];
    snprintf(error, sizeof error, "{\"message\": \"status %u\"}", response->status);
    say(output, UNLADEN_OUT_ERROR, error);
    return UNLADEN_OK;
}

static unladen_status open_stream(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *head, unladen_output output,
    unladen_stream **stream) {
    (void)endpoint, (void)call, (void)head, (void)output;
    *stream = calloc(1, sizeof **stream);
    return *stream ? UNLADEN_OK : UNLADEN_FAILED;
}

static unladen_status feed_stream(unladen_stream *stream, unladen_bytes bytes, unladen_output output) {
#ifdef WITH_BROKEN_STREAM
    /* Treats each part as a complete event. */
    output.emit(output.context, UNLADEN_OUT_EVENT, bytes);
    return UNLADEN_OK;
#endif
    for (size_t index = 0; index < bytes.size; index++) {
        if (bytes.data[index] != '\n') {
            if (stream->length == sizeof stream->line) return UNLADEN_MALFORMED;
            stream->line[stream->length++] = (char)bytes.data[index];
            continue;
        }
        if (stream->length == 0)
            output.emit(output.context, UNLADEN_OUT_END, (unladen_bytes){0, 0});
        else
            output.emit(output.context, UNLADEN_OUT_EVENT, (unladen_bytes){(const uint8_t *)stream->line, stream->length});
        stream->length = 0;
    }
    return UNLADEN_OK;
}

static unladen_status finish_stream(unladen_stream *stream, unladen_output output) {
    (void)stream, (void)output;
    return UNLADEN_OK;
}

static void close_stream(unladen_stream *stream) { free(stream); }

static const unladen_adapter adapter = {
#ifdef WITH_SHORT_TABLE
    .size = 16,
#else
    .size = sizeof(unladen_adapter),
#endif
#ifdef WITH_OTHER_ABI
    .abi = UNLADEN_ADAPTER_ABI + 1,
#else
    .abi = UNLADEN_ADAPTER_ABI,
#endif
    .describe = describe,
    .open_endpoint = open_endpoint,
    .close_endpoint = close_endpoint,
#ifndef WITH_MISSING_FUNCTION
    .encode = encode,
#endif
    .decode_response = decode_response,
    .decode_error = decode_error,
    .open_stream = open_stream,
    .feed_stream = feed_stream,
    .finish_stream = finish_stream,
    .close_stream = close_stream,
};

#ifdef WITH_OTHER_SYMBOL
const unladen_adapter *unladen_adapter_v2(void) { return &adapter; }
#elif defined(WITH_NO_TABLE)
const unladen_adapter *unladen_adapter_v1(void) { return 0; }
#else
const unladen_adapter *unladen_adapter_v1(void) { return &adapter; }
#endif
