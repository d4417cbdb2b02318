/*
 * A provider adapter in plain C: llama.cpp's `llama-server`, which serves one model through OpenAI's chat API. It needs nothing but the
 * two headers of the interface, which are also its manual: unladen_adapter.h and unladen_plugin.h.
 *
 * A request passes with the endpoint's model in place of the route's name; a response and the events of a stream pass unchanged.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unladen_adapter.h"

enum { EVENT_LIMIT = 1 << 20 };

/* What open_endpoint has read from the configuration: JSON that encode can copy. Immutable from then on. */
struct unladen_endpoint {
    /* The head of every request: method, URL and headers. */
    char *head;
    size_t head_size;
    /* The model's name as a JSON string, with its quotes. */
    char *model;
    size_t model_size;
};

/* The bytes of a line that hasn't ended yet. */
struct unladen_stream {
    char *line;
    size_t size, capacity;
    int ended;
};

static unladen_bytes bytes(const void *data, size_t size) { return (unladen_bytes){data, size}; }

static unladen_bytes text(const char *string) { return bytes(string, strlen(string)); }

static void emit(unladen_output output, uint32_t kind, unladen_bytes value) { output.emit(output.context, kind, value); }

static unladen_status fail(unladen_output output, unladen_status status, const char *message) {
    emit(output, UNLADEN_OUT_MESSAGE, text(message));
    return status;
}

/* ---- JSON: finds the members of an object without parsing their values. ---- */

typedef struct {
    const char *at, *end;
} cursor;

static void skip_space(cursor *c) {
    while (c->at < c->end && strchr(" \t\r\n", *c->at) && *c->at) c->at++;
}

static int skip_string(cursor *c) {
    for (c->at++; c->at < c->end; c->at++) {
        if (*c->at == '\\') c->at++;
        else if (*c->at == '"') return c->at++, 1;
    }
    return 0;
}

/* Skips a value; returns 0 if it doesn't end. */
static int skip_value(cursor *c) {
    int depth = 0;
    for (skip_space(c); c->at < c->end;) {
        switch (*c->at) {
        case '"':
            if (!skip_string(c)) return 0;
            break;
        case '{': case '[':
            depth++, c->at++;
            break;
        case '}': case ']':
            /* At depth 0 it closes the object around a number or a literal. */
            if (depth == 0) return 1;
            depth--, c->at++;
            break;
        case ',':
            if (depth == 0) return 1;
            /* fallthrough */
        default:
            c->at++;
            continue;
        }
        if (depth == 0) return 1;
    }
    return depth == 0;
}

/* Begins an object; returns 0 if the JSON isn't one. */
static int begin_object(cursor *c, unladen_bytes json) {
    *c = (cursor){(const char *)json.data, (const char *)json.data + json.size};
    skip_space(c);
    return c->at < c->end && *c->at++ == '{';
}

/* Gets the next member: its name with quotes, and its value. Returns 0 at the object's end, -1 if it doesn't end as JSON does. */
static int next_member(cursor *c, unladen_bytes *name, unladen_bytes *value) {
    skip_space(c);
    if (c->at < c->end && *c->at == ',') c->at++, skip_space(c);
    if (c->at < c->end && *c->at == '}') return 0;
    if (c->at == c->end || *c->at != '"') return -1;
    const char *start = c->at;
    if (!skip_string(c)) return -1;
    *name = bytes(start, (size_t)(c->at - start));
    skip_space(c);
    if (c->at == c->end || *c->at++ != ':') return -1;
    skip_space(c);
    start = c->at;
    if (!skip_value(c)) return -1;
    *value = bytes(start, (size_t)(c->at - start));
    return 1;
}

static int is(unladen_bytes name, const char *expected) {
    return name.size == strlen(expected) && memcmp(name.data, expected, name.size) == 0;
}

/* Finds a member by its name in quotes. Returns 1 if the object has it, 0 if it doesn't, -1 if the JSON isn't an object. */
static int find(unladen_bytes json, const char *quoted_name, unladen_bytes *value) {
    cursor c;
    unladen_bytes name, candidate;
    int found = 0, result;
    if (!begin_object(&c, json)) return -1;
    while ((result = next_member(&c, &name, &candidate)) == 1)
        if (is(name, quoted_name)) *value = candidate, found = 1;
    return result < 0 ? -1 : found;
}

static int begins_with(unladen_bytes value, char first) { return value.size > 0 && value.data[0] == (uint8_t)first; }

/* ---- The adapter ---- */

static unladen_status describe(unladen_output output) {
    emit(output, UNLADEN_OUT_DESCRIPTION, text(
        "{\"providers\": [{\"name\": \"llama-server\", \"tasks\": [\"chat\"], \"streams\": [\"chat\"],"
        " \"features\": [\"tools\", \"json_object\", \"json_schema\", \"stop\", \"seed\", \"system\"], \"serves_one_model\": true,"
        " \"config\": [{\"name\": \"server_url\", \"type\": \"string\", \"required\": true, \"secret\": false},"
        " {\"name\": \"api_key\", \"type\": \"string\", \"required\": false, \"secret\": true}]}]}"));
    return UNLADEN_OK;
}

static void close_endpoint(unladen_endpoint *endpoint) {
    free(endpoint->head);
    free(endpoint->model);
    free(endpoint);
}

static unladen_status open_endpoint(unladen_bytes configuration, unladen_output output, unladen_endpoint **result) {
    unladen_bytes config, model, url, key = {0};
    /* The values are JSON strings; they stay as they are, escapes included, since they go into JSON again. */
    if (find(configuration, "\"config\"", &config) != 1 || find(configuration, "\"model\"", &model) != 1 || !begins_with(model, '"'))
        return fail(output, UNLADEN_FAILED, "the host passed no configuration");
    if (find(config, "\"server_url\"", &url) != 1 || !begins_with(url, '"') || url.size < 3)
        return fail(output, UNLADEN_MISCONFIGURED, "'server_url' is missing: the URL of llama-server, such as http://127.0.0.1:8080");
    int has_key = find(config, "\"api_key\"", &key) == 1 && begins_with(key, '"') && key.size > 2;
    size_t url_size = url.size - 2;
    if (url.data[url_size] == '/') url_size--;

    unladen_endpoint *endpoint = calloc(1, sizeof *endpoint);
    size_t capacity = url.size + key.size + 256;
    if (!endpoint) return UNLADEN_FAILED;
    endpoint->head = malloc(capacity);
    endpoint->model = malloc(model.size);
    if (!endpoint->head || !endpoint->model) return close_endpoint(endpoint), UNLADEN_FAILED;
    memcpy(endpoint->model, model.data, endpoint->model_size = model.size);
    int size = snprintf(
        endpoint->head, capacity, "{\"method\": \"POST\", \"url\": \"%.*s/v1/chat/completions\", \"headers\": [[\"content-type\", \"application/json\"]",
        (int)url_size, (const char *)url.data + 1);
    if (has_key)
        size += snprintf(
            endpoint->head + size, capacity - (size_t)size, ", [\"authorization\", \"Bearer %.*s\"]", (int)key.size - 2, (const char *)key.data + 1);
    size += snprintf(endpoint->head + size, capacity - (size_t)size, "]}");
    endpoint->head_size = (size_t)size;
    *result = endpoint;
    return UNLADEN_OK;
}

static unladen_status encode(const unladen_endpoint *endpoint, const unladen_call *call, unladen_output output) {
    if (call->task != UNLADEN_TASK_CHAT) return fail(output, UNLADEN_UNSUPPORTED, "this adapter of llama-server supports chats only");
    /* The body grows by the model's name at most, and by a "stream" that the client's body may lack. */
    char *body = malloc(call->body.size + endpoint->model_size + 32);
    if (!body) return UNLADEN_FAILED;
    cursor c;
    unladen_bytes name, value;
    int result = begin_object(&c, call->body) ? 1 : -1;
    char *at = body + sprintf(body, "{\"model\":%.*s%s", (int)endpoint->model_size, endpoint->model, call->streams ? ",\"stream\":true" : "");
    while (result > 0 && (result = next_member(&c, &name, &value)) == 1) {
        if (is(name, "\"model\"") || is(name, "\"stream\"")) continue;
        *at++ = ',';
        memcpy(at, name.data, name.size), at += name.size;
        *at++ = ':';
        memcpy(at, value.data, value.size), at += value.size;
    }
    *at++ = '}';
    if (result == 0) {
        emit(output, UNLADEN_OUT_REQUEST, bytes(endpoint->head, endpoint->head_size));
        emit(output, UNLADEN_OUT_BODY, bytes(body, (size_t)(at - body)));
    }
    free(body);
    return result == 0 ? UNLADEN_OK : fail(output, UNLADEN_INVALID, "the request isn't a JSON object");
}

/* OpenAI's names of counts are those of UNLADEN_OUT_USAGE; the host ignores what it doesn't know. */
static void emit_usage(unladen_bytes json, unladen_output output) {
    unladen_bytes usage;
    if (find(json, "\"usage\"", &usage) == 1 && begins_with(usage, '{')) emit(output, UNLADEN_OUT_USAGE, usage);
}

static unladen_status decode_response(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output) {
    (void)endpoint, (void)call;
    unladen_bytes choices;
    /* The usage counts even if the response can't be passed on. */
    emit_usage(response->body, output);
    if (find(response->body, "\"choices\"", &choices) != 1 || !begins_with(choices, '['))
        return fail(output, UNLADEN_MALFORMED, "llama-server's response has no choices");
    emit(output, UNLADEN_OUT_BODY, response->body);
    return UNLADEN_OK;
}

/* Emits the error of {"error": {"message": …}}. Returns 0 if the JSON has none. */
static int emit_error(unladen_bytes json, unladen_output output) {
    unladen_bytes error, message;
    if (find(json, "\"error\"", &error) != 1 || find(error, "\"message\"", &message) != 1 || !begins_with(message, '"')) return 0;
    emit(output, UNLADEN_OUT_ERROR, error);
    return 1;
}

static unladen_status decode_error(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output) {
    (void)endpoint, (void)call;
    if (emit_error(response->body, output)) return UNLADEN_OK;
    char error[80];
    snprintf(error, sizeof error, "{\"message\": \"llama-server responded with status %u\"}", (unsigned)response->status);
    emit(output, UNLADEN_OUT_ERROR, text(error));
    return UNLADEN_OK;
}

static unladen_status open_stream(
    const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *head, unladen_output output, unladen_stream **stream) {
    (void)endpoint, (void)call, (void)head, (void)output;
    *stream = calloc(1, sizeof **stream);
    return *stream ? UNLADEN_OK : UNLADEN_FAILED;
}

/* A line of server-sent events: llama-server sends the whole of an event in one `data:` line. */
static unladen_status handle_line(unladen_stream *stream, unladen_output output) {
    size_t size = stream->size;
    if (size > 0 && stream->line[size - 1] == '\r') size--;
    if (stream->ended || size < 5 || memcmp(stream->line, "data:", 5) != 0) return UNLADEN_OK;
    cursor c = {stream->line + 5, stream->line + size};
    skip_space(&c);
    unladen_bytes data = bytes(c.at, (size_t)(c.end - c.at)), choices;
    if (is(data, "[DONE]")) {
        stream->ended = 1;
        emit(output, UNLADEN_OUT_END, bytes(0, 0));
        return UNLADEN_OK;
    }
    if (emit_error(data, output)) {
        stream->ended = 1;
        return UNLADEN_OK;
    }
    if (find(data, "\"choices\"", &choices) != 1) return fail(output, UNLADEN_MALFORMED, "an event of llama-server's stream has no choices");
    emit_usage(data, output);
    emit(output, UNLADEN_OUT_EVENT, data);
    return UNLADEN_OK;
}

static unladen_status feed_stream(unladen_stream *stream, unladen_bytes input, unladen_output output) {
    for (size_t index = 0; index < input.size; index++) {
        if (input.data[index] == '\n') {
            unladen_status status = handle_line(stream, output);
            if (status != UNLADEN_OK) return status;
            stream->size = 0;
            continue;
        }
        if (stream->size == stream->capacity) {
            size_t capacity = stream->capacity ? stream->capacity * 2 : 1024;
            char *line = capacity <= EVENT_LIMIT ? realloc(stream->line, capacity) : NULL;
            if (!line) return fail(output, UNLADEN_MALFORMED, "an event of llama-server's stream is too long");
            stream->line = line;
            stream->capacity = capacity;
        }
        stream->line[stream->size++] = (char)input.data[index];
    }
    return UNLADEN_OK;
}

static unladen_status finish_stream(unladen_stream *stream, unladen_output output) {
    (void)stream, (void)output;
    return UNLADEN_OK;
}

static void close_stream(unladen_stream *stream) {
    free(stream->line);
    free(stream);
}

static const unladen_adapter adapter = {
    .size = sizeof(unladen_adapter),
    .abi = UNLADEN_ADAPTER_ABI,
    .describe = describe,
    .open_endpoint = open_endpoint,
    .close_endpoint = close_endpoint,
    .encode = encode,
    .decode_response = decode_response,
    .decode_error = decode_error,
    .open_stream = open_stream,
    .feed_stream = feed_stream,
    .finish_stream = finish_stream,
    .close_stream = close_stream,
};

/* The only symbol of the library that others need to see. */
const unladen_adapter *unladen_adapter_v1(void) { return &adapter; }
