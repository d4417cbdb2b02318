/*
 * The interface of provider adapters, version 1.
 *
 * An adapter translates requests of OpenAI's API into requests of one or more providers, and the providers' responses, errors and
 * streams into OpenAI's. It is a pure transform: it opens no sockets or files, reads neither the clock nor the environment, and writes
 * no log. Everything that it needs is passed in. The host implements connections, retries, fallback, limits and metrics, once for all
 * providers.
 *
 * The library exports one function:
 *
 *     const unladen_adapter *unladen_adapter_v1(void);
 *
 * It returns a table that stays valid and unchanged until the process ends, or null if the adapter can't run in this environment.
 *
 * Threads: the host may call every function on any thread, and several functions concurrently. Calls with the same stream are
 * serialized. Many calls use an endpoint concurrently, so they must not modify it.
 *
 * JSON is UTF-8. Adapters must ignore unknown members in the host's input, so that later hosts can add some.
 */
#ifndef UNLADEN_ADAPTER_H
#define UNLADEN_ADAPTER_H

#include "unladen_plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define UNLADEN_ADAPTER_ABI 1
#define UNLADEN_ADAPTER_SYMBOL "unladen_adapter_v1"

/* The API operation that a call requests. Bodies are always JSON. */
typedef uint32_t unladen_task;
enum {
    /* OpenAI's chat completions: POST /v1/chat/completions. */
    UNLADEN_TASK_CHAT = 1,
    /* OpenAI's completions: POST /v1/completions. */
    UNLADEN_TASK_COMPLETIONS = 2,
    /* OpenAI's embeddings: POST /v1/embeddings. */
    UNLADEN_TASK_EMBEDDINGS = 3,
    /* OpenAI's Responses API: POST /v1/responses. Only for providers that implement it: requests, responses and streams pass through
     * unchanged. */
    UNLADEN_TASK_RESPONSES = 4,
    /* Anthropic's Messages API: POST /v1/messages. Only for providers that implement it, as above. */
    UNLADEN_TASK_MESSAGES = 5
};

/* The kinds of output of a call, in addition to UNLADEN_OUT_MESSAGE. */
enum {
    /* describe: a JSON object; see the description of that function. */
    UNLADEN_OUT_DESCRIPTION = 16,
    /* encode: the head of the HTTP request, once: {"method": "POST", "url": "https://…", "headers": [["name", "value"], …]}.
     * The host adds host, content-length and the headers for its connection. */
    UNLADEN_OUT_REQUEST = 17,
    /* encode: the request's body, once. decode_response: the response for the client, once, as JSON of the task's API. */
    UNLADEN_OUT_BODY = 18,
    /* decode_response and streams: the usage that the provider reports, any number of times. A later usage replaces an earlier one,
     * but members that it omits keep their values. {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3} and, if known:
     *   "cached_tokens"            the prompt tokens read from the provider's prompt cache
     *   "cache_write_tokens"       the prompt tokens written to the prompt cache, for any cache lifetime
     *   "cache_write_1h_tokens"    the part of cache_write_tokens with a cache lifetime of one hour
     *   "reasoning_tokens"         the completion tokens spent on reasoning
     *   "prompt_audio_tokens", "completion_audio_tokens"
     *   "web_searches"             the web searches that the provider performed and bills
     *   "service_tier"             the tier that served the request, as the provider names it: "priority"
     *   "inference_geo"            the region of the inference, as Anthropic names it: "us"
     *   "other_charges"            the names of other items that the provider bills, so that the cost is unknown: ["code_execution"]
     * prompt_tokens counts all input tokens, including those read from or written to the cache. Omit what the provider doesn't
     * report. */
    UNLADEN_OUT_USAGE = 19,
    /* decode_error: {"message": "…"} and, if the provider reports them, "type", "code" and "param", as in OpenAI's errors.
     * Do not truncate the message: the host removes secrets, which it can't recognize in truncated text, and then truncates it.
     * Streams: the same, once, when the provider ends the stream with an error. Nothing may follow. */
    UNLADEN_OUT_ERROR = 20,
    /* Streams: the data of one event for the client, as JSON without line breaks: a chat.completion.chunk for chat, a
     * text_completion for completions. The host sends it to the client at once. */
    UNLADEN_OUT_EVENT = 21,
    /* Streams of UNLADEN_TASK_RESPONSES and UNLADEN_TASK_MESSAGES: the name of the event that follows immediately. */
    UNLADEN_OUT_EVENT_NAME = 22,
    /* Streams: the stream is complete; once, without a value. A stream that ends without it was truncated. */
    UNLADEN_OUT_END = 23
};

/* One call to a provider. encode, decode_response and open_stream receive the same call. */
typedef struct unladen_call {
    /* The size of this struct in the host. Later versions may append members. */
    uint32_t size;
    unladen_task task;
    /* Whether the client requests a stream (1) or a single response (0). This member takes precedence over the body's "stream". */
    uint32_t streams;
    /* Seconds since 1970 in UTC, for signatures and for responses with a timestamp. */
    int64_t time;
    /* The ID of the response if the provider doesn't assign one: [A-Za-z0-9_-]+. */
    unladen_bytes identifier;
    /* The client's request. The host has checked that it is a JSON object. */
    unladen_bytes body;
    /* Temporary secrets that are not part of the configuration, as a JSON object: {"access_key_id": …, "secret_access_key": …,
     * "session_token": …} for AWS, {"token": …} for a bearer token. Empty if there are none. */
    unladen_bytes credentials;
    /* The client's headers that the provider's API may understand, such as anthropic-beta: [["name", "value"], …] with lowercase
     * names. Never the client's key. Empty if there are none. */
    unladen_bytes headers;
} unladen_call;

/* A provider's response: its head and, unless it is a stream, its body. */
typedef struct unladen_response {
    /* The size of this struct in the host. */
    uint32_t size;
    uint32_t status;
    /* [["name", "value"], …] with lowercase names. */
    unladen_bytes headers;
    unladen_bytes body;
} unladen_response;

/* A configured model of a provider, and an open stream. The adapter owns both: it allocates them in open_… and frees them in close_….
 * The host closes an endpoint after all its streams. */
typedef struct unladen_endpoint unladen_endpoint;
typedef struct unladen_stream unladen_stream;

typedef struct unladen_adapter {
    /* The size of this struct in the plugin. Functions beyond it don't exist. */
    uint32_t size;
    /* UNLADEN_ADAPTER_ABI. */
    uint32_t abi;

    /*
     * Emits UNLADEN_OUT_DESCRIPTION:
     *   {"providers": [{
     *      "name": "anthropic",                    the value of "provider" in the configuration
     *      "tasks": ["chat", "completions", …],    the supported tasks: chat, completions, embeddings, responses, messages
     *      "streams": ["chat", …],                 the tasks that support streaming
     *      "features": ["tools", "images", …],     the features of chat: tools, images, audio, json_object, json_schema, stop, seed,
     *                                              n, logprobs, system, reasoning
     *      "serves_one_model": true,               each URL serves a single model, so its name may be omitted; default: false
     *      "config": [{"name": "anthropic_api_key", "type": "string", "required": true, "secret": true,
     *                  "default": …}, …]           the keys of "config". The value of a secret may be "$NAME" or a file path, and is
     *                                              never logged. Types: string, integer, number, boolean, object
     *   }]}
     */
    unladen_status (*describe)(unladen_output output);

    /* Checks a configuration, {"provider": "…", "model": "…", "config": {…}} with resolved secrets, and creates an endpoint. If it
     * fails with UNLADEN_MISCONFIGURED, the message names the invalid key. */
    unladen_status (*open_endpoint)(unladen_bytes configuration, unladen_output output, unladen_endpoint **endpoint);
    void (*close_endpoint)(unladen_endpoint *endpoint);

    /* Emits UNLADEN_OUT_REQUEST and UNLADEN_OUT_BODY. The request uses the endpoint's model, regardless of the body; its base URL and
     * keys come only from the configuration. */
    unladen_status (*encode)(const unladen_endpoint *endpoint, const unladen_call *call, unladen_output output);

    /* Translates a complete response with a 2xx status: emits UNLADEN_OUT_BODY and, if the provider reports it, UNLADEN_OUT_USAGE. Emit
     * the usage even if the response is rejected and the status isn't UNLADEN_OK, because the provider bills it anyway. */
    unladen_status (*decode_response)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output);

    /* Translates a complete response with any other status: emits UNLADEN_OUT_ERROR. The body may be anything, or empty. */
    unladen_status (*decode_error)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *response, unladen_output output);

    /* Opens a stream with a 2xx status. The head has no body. The host may free the call when this function returns. */
    unladen_status (*open_stream)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_response *head, unladen_output output,
        unladen_stream **stream);

    /* Consumes the next bytes of the stream, split anywhere, and emits what they complete: events, usage, an error, the end. The same
     * bytes split elsewhere must produce the same output in the same order. */
    unladen_status (*feed_stream)(unladen_stream *stream, unladen_bytes bytes, unladen_output output);

    /* The provider has closed the stream: emits the remaining output. If UNLADEN_OUT_END was not emitted by then, the stream was
     * truncated. */
    unladen_status (*finish_stream)(unladen_stream *stream, unladen_output output);

    /* Frees a stream, even before its end. */
    void (*close_stream)(unladen_stream *stream);
} unladen_adapter;

typedef const unladen_adapter *(*unladen_adapter_entry)(void);

/*
 * The self-test: the file named by the manifest's "vectors". The host runs it when it loads the adapter, and rejects an adapter that
 * fails.
 *
 *   {"vectors": [{
 *      "name": "a tool call",
 *      "configuration": {"provider": "…", "model": "…", "config": {…}},
 *      "task": "chat", "stream": false, "time": 1700000000, "identifier": "id", "credentials": {…},
 *      "body": {…},                                        the client's request
 *      "request": {"method": …, "url": …, "headers": …, "body": {…}},    the output of encode; it may have more headers than these
 *      "response": {"status": 200, "headers": [], "body": {…}},          the provider's response; "text" instead of "body" if not JSON
 *      "stream": ["bytes", …],                             or the bytes of the provider's stream; "base64:…" if they aren't text
 *      "result": {…}, "usage": {…}, "events": […], "error": {…},         the expected output
 *      "response_status": "malformed",                     the status of decode_response, if it fails
 *      "status": "unsupported",                            the status of encode, if it fails: invalid, unsupported, …
 *      "cut_off": true                                     the provider closes the stream before its end
 *   }]}
 *
 * A vector must have "request", "response", the bytes of a stream, or "status". Objects are compared as JSON, regardless of the order of members and the format of numbers. Streams are fed at once and in parts.
 */

#ifdef __cplusplus
}
#endif
#endif
