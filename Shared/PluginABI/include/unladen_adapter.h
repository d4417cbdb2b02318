/*
 * Provider adapters, version 1 of the interface.
 *
 * An adapter turns requests of OpenAI's API into those of one or more providers, and the providers' answers, errors and streams
 * into OpenAI's. It is a pure transform: it opens no socket or file, reads no clock and no environment, and writes no log. All
 * that it needs is passed in. The host connects, sends, retries, falls back, limits and measures, once for all providers.
 *
 * The library exports one function:
 *
 *     const unladen_adapter *unladen_adapter_v1(void);
 *
 * which returns a table that stays valid and unchanged until the process ends, or null if the adapter can't work here.
 *
 * Threads: the host may call every function on any thread and several at once; those that get the same stream are called one
 * after the other. An endpoint is used by many calls at once and must not be changed by them.
 *
 * JSON is UTF-8. In what the host passes, unknown members are to be ignored, so that later hosts can add some.
 */
#ifndef UNLADEN_ADAPTER_H
#define UNLADEN_ADAPTER_H

#include "unladen_plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define UNLADEN_ADAPTER_ABI 1
#define UNLADEN_ADAPTER_SYMBOL "unladen_adapter_v1"

/* What is asked of the provider. A body is always JSON. */
typedef uint32_t unladen_task;
enum {
    /* OpenAI's chat completions: POST /v1/chat/completions. */
    UNLADEN_TASK_CHAT = 1,
    /* OpenAI's completions: POST /v1/completions. */
    UNLADEN_TASK_COMPLETIONS = 2,
    /* OpenAI's embeddings: POST /v1/embeddings. */
    UNLADEN_TASK_EMBEDDINGS = 3,
    /* OpenAI's responses, POST /v1/responses: for providers that have them; bodies, answers and streams pass as they are. */
    UNLADEN_TASK_RESPONSES = 4,
    /* Anthropic's messages, POST /v1/messages: for providers that have them; as above. */
    UNLADEN_TASK_MESSAGES = 5
};

/* What a call may emit, besides UNLADEN_OUT_MESSAGE. */
enum {
    /* describe: a JSON object, see there. */
    UNLADEN_OUT_DESCRIPTION = 16,
    /* encode: the head of the HTTP request, once: {"method": "POST", "url": "https://…", "headers": [["name", "value"], …]}.
     * The host adds host, content-length and what its connection needs. */
    UNLADEN_OUT_REQUEST = 17,
    /* encode: the body, once. decode_answer: the answer for the client, once: JSON of the task's API. */
    UNLADEN_OUT_BODY = 18,
    /* decode_answer and streams: what the provider says that was used, any number of times; what a later one leaves out is as in
     * the one before: {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3} and, where known,
     *   "cached_tokens"            of the prompt's: read from the provider's prompt cache
     *   "cache_write_tokens"       of the prompt's: written to the prompt cache, however long they are kept
     *   "cache_write_1h_tokens"    of cache_write_tokens: kept for an hour
     *   "reasoning_tokens"         of the completion's
     *   "prompt_audio_tokens", "completion_audio_tokens"
     *   "web_searches"             searches of the web that the provider made and bills
     *   "service_tier"             the tier that served the request, in the provider's words: "priority"
     *   "inference_geo"            where it was computed, in Anthropic's words: "us"
     *   "other_charges"            names of what else the provider bills, which makes the cost unknown: ["code_execution"]
     * prompt_tokens counts all input tokens, with those that are read from the cache or written to it. What the provider doesn't
     * say is left out. */
    UNLADEN_OUT_USAGE = 19,
    /* decode_error: {"message": "…"} and, where the provider gives them, "type", "code" and "param", as in OpenAI's errors.
     * Whole: the host removes secrets, which it can't recognize in a text that was cut, and then cuts what is long.
     * Streams: the same, once, when the provider ends the stream with an error; nothing may follow. */
    UNLADEN_OUT_ERROR = 20,
    /* Streams: the data of one event for the client, JSON without line breaks: of chat a chat.completion.chunk, of completions
     * a text_completion. The host puts it into the client's stream at once. */
    UNLADEN_OUT_EVENT = 21,
    /* Streams of UNLADEN_TASK_RESPONSES and UNLADEN_TASK_MESSAGES: the name of the next event, which comes right after. */
    UNLADEN_OUT_EVENT_NAME = 22,
    /* Streams: the provider has said all; once, with no value. A stream that ends without it was cut off. */
    UNLADEN_OUT_END = 23
};

/* One call to a provider, as encode gets it and decode_answer and open_stream get it again. */
typedef struct unladen_call {
    /* The size of this struct as the host was built. Members may be added at the end. */
    uint32_t size;
    unladen_task task;
    /* Whether the client wants a stream (1) or one answer (0). It decides, not the body's "stream". */
    uint32_t streams;
    /* Seconds since 1970 in UTC, for signatures and for answers that carry a time. */
    int64_t time;
    /* A text that names the answer where the provider gives it no name: [A-Za-z0-9_-]+. */
    unladen_bytes identifier;
    /* The client's request: a JSON object that the host has checked to be one. */
    unladen_bytes body;
    /* Secrets that don't stand in the configuration because they change, as a JSON object: for AWS {"access_key_id": …,
     * "secret_access_key": …, "session_token": …}, for a bearer token {"token": …}. Empty if there are none. */
    unladen_bytes credentials;
    /* Those of the client's headers that the provider's API may know, such as anthropic-beta: [["name", "value"], …] with names
     * in lower case. Never the client's key. Empty if there are none. */
    unladen_bytes headers;
} unladen_call;

/* A whole answer of a provider. */
typedef struct unladen_answer {
    uint32_t size;
    uint32_t status;
    /* [["name", "value"], …] with names in lower case. */
    unladen_bytes headers;
    unladen_bytes body;
} unladen_answer;

/* A model of a provider as the configuration has it, taken apart once; and a stream that is being read. They belong to the
 * adapter: it makes them in open_… and frees them in close_…. An endpoint is closed after all its streams. */
typedef struct unladen_endpoint unladen_endpoint;
typedef struct unladen_stream unladen_stream;

typedef struct unladen_adapter {
    /* The size of this struct as the plugin was built: functions beyond it are not there. */
    uint32_t size;
    /* UNLADEN_ADAPTER_ABI. */
    uint32_t abi;

    /*
     * Emits UNLADEN_OUT_DESCRIPTION:
     *   {"providers": [{
     *      "name": "anthropic",                    as "provider" in the configuration
     *      "tasks": ["chat", "completions", …],    which it has at all: chat, completions, embeddings, responses, messages
     *      "streams": ["chat", …],                 of these, the ones that can be streamed
     *      "features": ["tools", "images", …],     of the chat: tools, images, audio, json_object, json_schema, stop, seed, n,
     *                                              logprobs, system, reasoning
     *      "serves_one_model": true,               there is one model at an address, so its name may be left out; false if absent
     *      "config": [{"name": "anthropic_api_key", "type": "string", "required": true, "secret": true,
     *                  "default": …}, …]           the keys of "config"; a secret's value may be "$NAME" or the path of a file,
     *                                              and never appears in a log; type: string, integer, number, boolean, object
     *   }]}
     */
    unladen_status (*describe)(unladen_output output);

    /* Checks a configuration, {"provider": "…", "model": "…", "config": {…}} with its secrets in place, and makes an endpoint of
     * it. UNLADEN_MISCONFIGURED names the key that is wrong. */
    unladen_status (*open_endpoint)(unladen_bytes configuration, unladen_output output, unladen_endpoint **endpoint);
    void (*close_endpoint)(unladen_endpoint *endpoint);

    /* Emits UNLADEN_OUT_REQUEST and UNLADEN_OUT_BODY. The request's model is the endpoint's, whatever the body says; its base
     * URL and its keys come from the configuration only. */
    unladen_status (*encode)(const unladen_endpoint *endpoint, const unladen_call *call, unladen_output output);

    /* A whole answer with a status of 2xx: emits UNLADEN_OUT_BODY and, if the provider tells, UNLADEN_OUT_USAGE; the usage also where
     * the answer can't be passed on and the status isn't UNLADEN_OK, since the provider bills it all the same. */
    unladen_status (*decode_answer)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_answer *answer, unladen_output output);

    /* A whole answer with another status: emits UNLADEN_OUT_ERROR. The body may be anything, or nothing. */
    unladen_status (*decode_error)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_answer *answer, unladen_output output);

    /* A stream with a status of 2xx. The head has no body. The call may be forgotten by the host when this returns. */
    unladen_status (*open_stream)(
        const unladen_endpoint *endpoint, const unladen_call *call, const unladen_answer *head, unladen_output output,
        unladen_stream **stream);

    /* Takes the next bytes of the stream, cut anywhere, and emits what they complete: events, usage, an error, the end. The same
     * bytes cut elsewhere must give the same output in the same order. */
    unladen_status (*feed_stream)(unladen_stream *stream, unladen_bytes bytes, unladen_output output);

    /* The provider has closed the stream: emits what is left. Without UNLADEN_OUT_END here or before, it was cut off. */
    unladen_status (*finish_stream)(unladen_stream *stream, unladen_output output);

    /* Frees a stream, also one that is not at its end. */
    void (*close_stream)(unladen_stream *stream);
} unladen_adapter;

typedef const unladen_adapter *(*unladen_adapter_entry)(void);

/*
 * The self-test: what the manifest's "vectors" holds. The host runs it when it loads the adapter, and refuses one that fails.
 *
 *   {"vectors": [{
 *      "name": "a tool is called",
 *      "configuration": {"provider": "…", "model": "…", "config": {…}},
 *      "task": "chat", "stream": false, "time": 1700000000, "identifier": "id", "credentials": {…},
 *      "body": {…},                                        the client's
 *      "request": {"method": …, "url": …, "headers": …, "body": {…}},    what encode gives; headers that must be among them
 *      "answer": {"status": 200, "headers": [], "body": {…}},            the provider's; "text" in place of "body" if no JSON
 *      "stream": ["bytes", …],                             or the bytes of its stream, "base64:…" if they are no text
 *      "result": {…}, "usage": {…}, "events": […], "error": {…},         what comes out of it
 *      "answer_status": "malformed",                       how decode_answer ends, if not well
 *      "status": "unsupported"                             how encode ends, if not well: invalid, unsupported, …
 *   }]}
 *
 * Objects are compared as JSON: the order of members and the spelling of numbers don't matter. A stream is fed whole and in
 * pieces.
 */

#ifdef __cplusplus
}
#endif
#endif
