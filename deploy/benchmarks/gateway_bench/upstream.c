/* The provider behind all measured proxies: serves chat completions in OpenAI's format, complete or as a stream.
 *
 *     upstream        prints "listening on http://127.0.0.1:PORT"
 *
 * One thread, one epoll. It parses only what it needs of a request: whether `stream` is true, whether usage is requested, and two
 * directives anywhere in the text, [[words=N]] and [[pace=SECONDS]]. Each frame of a stream carries its number and the time at
 * which it was written, as "@NUMBER:NANOSECONDS@" in its content, so that proxies that re-encode the JSON keep them.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"

#define MODEL "gpt-4o-mini-2024-07-18"
#define COMMON "\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"created\":1741569952,\"model\":\"" MODEL "\"," \
    "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_b8bc95a0ac\""
#define USAGE "\"usage\":{\"prompt_tokens\":48,\"completion_tokens\":24,\"total_tokens\":72," \
    "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0," \
    "\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"

static const char response[] =
    "{" COMMON ",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
    "\"content\":\"An unladen swallow flies at about eleven metres a second, if it is a European one.\","
    "\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}]," USAGE "}";
static const char stream_head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

#define REQUEST_LIMIT (1 << 20)

typedef struct {
    int descriptor;
    char *input;
    size_t input_length, input_size;
    /* Output that the socket hasn't accepted yet. */
    char *output;
    size_t output_length, output_size;
    bool streaming, wants_usage;
    int frame, frames;
    int64_t pace, due;
    int place; /* The index of a streaming connection in `waiting`. */
} Connection;

static int poller;
/* The streaming connections, as a heap ordered by due time. */
static Connection **waiting;
static int waiting_count, waiting_size;

static void *grown(void *memory, size_t size) {
    void *result = realloc(memory, size);
    if (!result) exit(1);
    return result;
}

static void put(int place, Connection *connection) {
    waiting[place] = connection;
    connection->place = place;
}

/* Moves the connection at `place` to its position in the heap. */
static void settle(int place) {
    Connection *connection = waiting[place];
    while (place > 0 && waiting[(place - 1) / 2]->due > connection->due) {
        put(place, waiting[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (;;) {
        int child = 2 * place + 1;
        if (child >= waiting_count) break;
        if (child + 1 < waiting_count && waiting[child + 1]->due < waiting[child]->due) child++;
        if (waiting[child]->due >= connection->due) break;
        put(place, waiting[child]);
        place = child;
    }
    put(place, connection);
}

static void start_waiting(Connection *connection) {
    if (waiting_count == waiting_size) {
        waiting_size = waiting_size ? 2 * waiting_size : 64;
        waiting = grown(waiting, waiting_size * sizeof *waiting);
    }
    put(waiting_count++, connection);
    settle(waiting_count - 1);
}

static void stop_waiting(Connection *connection) {
    int place = connection->place;
    Connection *last = waiting[--waiting_count];
    if (last == connection) return;
    put(place, last);
    settle(place);
}

static void forget(Connection *connection) {
    if (connection->streaming) stop_waiting(connection);
    close(connection->descriptor);
    free(connection->input);
    free(connection->output);
    free(connection);
}

static void watch(Connection *connection, int operation) {
    struct epoll_event event = {.data.ptr = connection};
    event.events = EPOLLIN | (connection->output_length ? EPOLLOUT : 0);
    epoll_ctl(poller, operation, connection->descriptor, &event);
}

/* Sends, and buffers what the socket doesn't accept. A broken connection is detected when it is read. */
static void emit(Connection *connection, const char *bytes, size_t length) {
    if (!connection->output_length) {
        ssize_t sent = send(connection->descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent == (ssize_t)length || (sent < 0 && errno != EAGAIN)) return;
        if (sent > 0) bytes += sent, length -= sent;
    }
    size_t needed = connection->output_length + length;
    if (needed > connection->output_size) {
        connection->output_size = 2 * needed;
        connection->output = grown(connection->output, connection->output_size);
    }
    memcpy(connection->output + connection->output_length, bytes, length);
    bool first = !connection->output_length;
    connection->output_length = needed;
    if (first) watch(connection, EPOLL_CTL_MOD);
}

static void emit_rest(Connection *connection) {
    ssize_t sent = send(connection->descriptor, connection->output, connection->output_length, MSG_NOSIGNAL);
    if (sent <= 0) return;
    connection->output_length -= sent;
    memmove(connection->output, connection->output + sent, connection->output_length);
    if (!connection->output_length) watch(connection, EPOLL_CTL_MOD);
}

/* Appends an event as an HTTP chunk. */
static size_t event_chunk(char *target, const char *format, ...) {
    char event[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(event, sizeof event, format, arguments);
    va_end(arguments);
    return sprintf(target, "%x\r\ndata: %s\n\n\r\n", length + 8, event);
}

#define FRAME(delta, reason) "{" COMMON ",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{" delta "}," \
    "\"logprobs\":null,\"finish_reason\":" reason "}]}"

static void begin_stream(Connection *connection) {
    char bytes[2048];
    size_t length = sprintf(bytes, "%s", stream_head);
    length += event_chunk(bytes + length, "%s", FRAME("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null", "null"));
    emit(connection, bytes, length);
    connection->streaming = true;
    connection->frame = 0;
    connection->due = monotonic_now() + connection->pace;
    start_waiting(connection);
}

static void end_stream(Connection *connection) {
    char bytes[4096];
    size_t length = event_chunk(bytes, "%s", FRAME("", "\"stop\""));
    if (connection->wants_usage)
        length += event_chunk(bytes + length, "%s", "{" COMMON ",\"object\":\"chat.completion.chunk\",\"choices\":[]," USAGE "}");
    length += event_chunk(bytes + length, "[DONE]");
    length += sprintf(bytes + length, "0\r\n\r\n");
    stop_waiting(connection);
    connection->streaming = false;
    emit(connection, bytes, length);
}

/* The number in a directive such as [[words=20]], or `otherwise`. */
static double directive(const char *text, const char *name, double otherwise) {
    const char *found = strstr(text, name);
    return found ? atof(found + strlen(name)) : otherwise;
}

/* Whether a member of the JSON text, given with its quotes, is true. */
static bool is_true(const char *text, const char *name) {
    const char *found = strstr(text, name);
    if (!found) return false;
    found += strlen(name);
    found += strspn(found, " \t\r\n:");
    return strncmp(found, "true", 4) == 0;
}

static void emit_plain(Connection *connection, const char *status, const char *body) {
    char bytes[2048];
    int length = snprintf(
        bytes, sizeof bytes, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status,
        strlen(body), body);
    emit(connection, bytes, length);
}

/* Handles one request; `head` and `body` are NUL-terminated. */
static void handle_request(Connection *connection, const char *head, const char *body) {
    size_t target = strcspn(head, " ") + 1, length = strcspn(head + target, " ");
    const char *path = "/chat/completions";
    if (strncmp(head, "GET /health ", 12) == 0) {
        emit_plain(connection, "200 OK", "{}");
    } else if (strncmp(head, "POST ", 5) != 0 || length < strlen(path)
               || strncmp(head + target + length - strlen(path), path, strlen(path)) != 0) {
        emit_plain(connection, "404 Not Found", "{\"error\":{\"message\":\"no such path\"}}");
    } else if (is_true(body, "\"stream\"")) {
        connection->frames = directive(body, "[[words=", 20);
        connection->pace = directive(body, "[[pace=", 0) * NANOSECONDS;
        connection->wants_usage = is_true(body, "\"include_usage\"");
        begin_stream(connection);
    } else {
        emit_plain(connection, "200 OK", response);
    }
}

/* Handles the complete requests. Returns false if the connection must be closed. */
static bool handle_complete_requests(Connection *connection) {
    size_t used = 0;
    while (!connection->streaming) {
        char *head = connection->input + used;
        char *end = memmem(head, connection->input_length - used, "\r\n\r\n", 4);
        if (!end) break;
        *end = 0;
        char *found = strcasestr(head, "\r\ncontent-length:");
        size_t length = found ? strtoul(found + 17, NULL, 10) : 0;
        /* No client of this program sends a chunked body. */
        if (strcasestr(head, "\r\ntransfer-encoding:") || length > REQUEST_LIMIT) return false;
        char *body = end + 4;
        if (body + length > connection->input + connection->input_length) {
            *end = '\r';
            break;
        }
        char next = body[length];
        body[length] = 0;
        handle_request(connection, head, body);
        body[length] = next;
        used = body + length - connection->input;
    }
    connection->input_length -= used;
    memmove(connection->input, connection->input + used, connection->input_length);
    return true;
}

/* Returns false if the connection has ended. */
static bool receive(Connection *connection) {
    /* One byte is reserved for the NUL after a body. */
    if (connection->input_size - connection->input_length < 4097) {
        connection->input_size = 2 * connection->input_size + 8192;
        connection->input = grown(connection->input, connection->input_size);
    }
    ssize_t count = recv(
        connection->descriptor, connection->input + connection->input_length,
        connection->input_size - connection->input_length - 1, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    connection->input_length += count;
    return connection->input_length < 2 * REQUEST_LIMIT && handle_complete_requests(connection);
}

/* Writes the frames that are due. */
static void emit_due(void) {
    while (waiting_count && waiting[0]->due <= monotonic_now()) {
        Connection *connection = waiting[0];
        if (connection->frame == connection->frames) {
            end_stream(connection);
            /* The next request may have arrived meanwhile; an invalid one is detected when more data arrives. */
            handle_complete_requests(connection);
            continue;
        }
        char bytes[1024];
        size_t length = event_chunk(
            bytes, FRAME("\"content\":\"@%d:%lld@\"", "null"), connection->frame++, (long long)monotonic_now());
        connection->due += connection->pace;
        settle(0);
        emit(connection, bytes, length);
    }
}

static void accept_all(int listener) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        int yes = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        Connection *connection = grown(NULL, sizeof *connection);
        *connection = (Connection){.descriptor = descriptor};
        watch(connection, EPOLL_CTL_ADD);
    }
}

static int listen_anywhere(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0
        || getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
        perror("upstream");
        exit(1);
    }
    printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(void) {
    poller = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_anywhere();
    struct epoll_event events[256], listening = {.events = EPOLLIN};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &listening);
    for (;;) {
        struct timespec pause = monotonic_until(waiting_count ? waiting[0]->due : 0);
        int count = epoll_pwait2(poller, events, 256, waiting_count ? &pause : NULL, NULL);
        for (int index = 0; index < count; index++) {
            Connection *connection = events[index].data.ptr;
            if (!connection) {
                accept_all(listener);
                continue;
            }
            if (events[index].events & EPOLLOUT) emit_rest(connection);
            if (events[index].events & ~EPOLLOUT && !receive(connection)) forget(connection);
        }
        emit_due();
    }
}
