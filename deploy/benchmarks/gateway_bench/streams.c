/* Reads many streams at once and times their frames.
 *
 *     streams PORT STREAMS FRAMES SECONDS < REQUEST        prints one line of JSON
 *
 * Sends the request, raw HTTP, over STREAMS separate connections, which start at random times within the first SECONDS.
 * Each stream should hold FRAMES frames, which upstream.c numbers and stamps with "@NUMBER:NANOSECONDS@", and end with [DONE].
 * The time of a frame is that of its arrival here less its stamp.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "monotonic.h"

/* The time without any data after which the remaining streams count as broken. */
#define SILENCE (60 * NANOSECONDS)

enum Part { HEAD, SIZE_LINE, DATA, DATA_END, PLAIN, ENDED };
enum Mark { OUTSIDE, NUMBER, STAMP };

typedef struct {
    int descriptor;
    int64_t start;
    bool sent, done, broken;
    /* The position in the HTTP response. */
    enum Part part;
    char line[4096];
    size_t line_length;
    bool chunked;
    size_t left; /* Remaining bytes of the chunk. */
    /* The position in the frames. */
    enum Mark mark;
    int64_t number, stamp;
    int next;
    size_t done_length;
    bool *seen;
} Stream;

static int stream_count, frame_count;
static char request[1 << 16];
static size_t request_length;
static Stream *streams;
static int poller, open_count;
static int64_t *times;
static size_t frames_seen, misordered, repeated;

static int by_time(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int by_start(const void *left, const void *right) {
    return by_time(&((const Stream *)left)->start, &((const Stream *)right)->start);
}

static void finish(Stream *stream, bool broken) {
    stream->broken = broken || !stream->done;
    stream->part = ENDED;
    close(stream->descriptor);
    open_count--;
}

static void count_frame(Stream *stream, int64_t now) {
    if (stream->number >= frame_count || stream->seen[stream->number]) {
        repeated++;
        return;
    }
    if (stream->number < stream->next) misordered++;
    stream->next = stream->number + 1;
    stream->seen[stream->number] = true;
    times[frames_seen++] = now - stream->stamp;
}

/* Parses one byte of the events: finds the stamps of frames, and the end. */
static void take_event_byte(Stream *stream, char byte, int64_t now) {
    static const char end[] = "[DONE]";
    stream->done_length = byte == end[stream->done_length] ? stream->done_length + 1 : byte == '[';
    if (stream->done_length == strlen(end)) {
        stream->done = true;
        stream->done_length = 0;
    }
    bool digit = byte >= '0' && byte <= '9';
    if (stream->mark == NUMBER && digit) {
        stream->number = 10 * stream->number + byte - '0';
    } else if (stream->mark == STAMP && digit) {
        stream->stamp = 10 * stream->stamp + byte - '0';
    } else if (stream->mark == NUMBER && byte == ':') {
        stream->mark = STAMP;
        stream->stamp = 0;
    } else if (stream->mark == STAMP && byte == '@') {
        stream->mark = OUTSIDE;
        count_frame(stream, now);
    } else if (byte == '@') {
        stream->mark = NUMBER;
        stream->number = 0;
    } else {
        stream->mark = OUTSIDE;
    }
}

/* Returns false if the head isn't that of a stream. */
static bool take_head(Stream *stream) {
    stream->line[stream->line_length] = 0;
    if (strncmp(stream->line, "HTTP/1.1 200 ", 13) != 0) {
        fprintf(stderr, "%.*s\n", (int)strcspn(stream->line, "\r"), stream->line);
        return false;
    }
    stream->chunked = strcasestr(stream->line, "\r\ntransfer-encoding: chunked\r\n") != NULL;
    stream->part = stream->chunked ? SIZE_LINE : PLAIN;
    stream->line_length = 0;
    return true;
}

/* Parses one byte of the head or of a chunk's header. Returns false if it is invalid. */
static bool take_line_byte(Stream *stream, char byte) {
    if (stream->line_length + 1 == sizeof stream->line) return false;
    stream->line[stream->line_length++] = byte;
    if (byte != '\n') return true;
    if (stream->part == HEAD)
        return stream->line_length < 4 || memcmp(stream->line + stream->line_length - 4, "\r\n\r\n", 4) != 0 || take_head(stream);
    stream->line[stream->line_length] = 0;
    stream->line_length = 0;
    if (stream->part == DATA_END) {
        stream->part = SIZE_LINE;
        return true;
    }
    stream->left = strtoul(stream->line, NULL, 16);
    if (stream->left) stream->part = DATA;
    else finish(stream, false);
    return true;
}

static void take(Stream *stream, const char *bytes, size_t count, int64_t now) {
    for (size_t index = 0; index < count && stream->part != ENDED; index++) {
        if (stream->part == PLAIN) {
            take_event_byte(stream, bytes[index], now);
        } else if (stream->part == DATA) {
            take_event_byte(stream, bytes[index], now);
            if (!--stream->left) stream->part = DATA_END;
        } else if (!take_line_byte(stream, bytes[index])) {
            finish(stream, true);
        }
    }
}

static void receive(Stream *stream) {
    static char bytes[1 << 16];
    ssize_t count = recv(stream->descriptor, bytes, sizeof bytes, 0);
    if (count > 0) take(stream, bytes, count, monotonic_now());
    else if (count == 0) finish(stream, stream->chunked || stream->part == HEAD);
    else if (errno != EAGAIN) finish(stream, true);
}

static void start(Stream *stream, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int yes = 1;
    stream->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (stream->descriptor < 0) {
        perror("streams");
        exit(1);
    }
    setsockopt(stream->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    connect(stream->descriptor, (struct sockaddr *)&address, sizeof address);
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = stream};
    epoll_ctl(poller, EPOLL_CTL_ADD, stream->descriptor, &event);
    open_count++;
}

static void handle(Stream *stream) {
    if (stream->part == ENDED) return;
    if (stream->sent) {
        receive(stream);
        return;
    }
    /* Fails if the socket isn't connected. The buffer of a new socket accepts such a request at once. */
    if (send(stream->descriptor, request, request_length, MSG_NOSIGNAL) != (ssize_t)request_length) {
        finish(stream, true);
        return;
    }
    stream->sent = true;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    epoll_ctl(poller, EPOLL_CTL_MOD, stream->descriptor, &event);
}

static void run(int port) {
    struct epoll_event events[256];
    int started = 0;
    int64_t heard = monotonic_now();
    while (started < stream_count || open_count) {
        while (started < stream_count && streams[started].start <= monotonic_now()) start(&streams[started++], port);
        int64_t wake = started < stream_count ? streams[started].start : heard + SILENCE;
        struct timespec pause = monotonic_until(wake);
        int count = epoll_pwait2(poller, events, 256, &pause, NULL);
        for (int index = 0; index < count; index++) handle(events[index].data.ptr);
        if (count > 0) heard = monotonic_now();
        else if (started == stream_count && monotonic_now() > heard + SILENCE) break;
    }
}

static void prepare(double spread) {
    int64_t now = monotonic_now();
    streams = calloc(stream_count, sizeof *streams);
    times = calloc((size_t)stream_count * frame_count, sizeof *times);
    if (!streams || !times) exit(1);
    srandom(2023);
    for (int index = 0; index < stream_count; index++) {
        streams[index].start = now + (int64_t)(spread * NANOSECONDS * ((double)random() / RAND_MAX));
        streams[index].seen = calloc(frame_count, sizeof *streams[index].seen);
        if (!streams[index].seen) exit(1);
    }
    qsort(streams, stream_count, sizeof *streams, by_start);
    for (ssize_t count; (count = read(0, request + request_length, sizeof request - request_length)) > 0;)
        request_length += count;
}

/* The given percentile of the frames' latency, in ms. */
static double quantile(double share) {
    return frames_seen ? times[(size_t)(share * (frames_seen - 1))] / 1e6 : 0;
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    stream_count = atoi(arguments[2]);
    frame_count = atoi(arguments[3]);
    prepare(atof(arguments[4]));
    poller = epoll_create1(EPOLL_CLOEXEC);
    int64_t begin = monotonic_now();
    run(atoi(arguments[1]));
    double seconds = (double)(monotonic_now() - begin) / NANOSECONDS;
    int broken = 0;
    for (int index = 0; index < stream_count; index++) broken += streams[index].part != ENDED || streams[index].broken;
    qsort(times, frames_seen, sizeof *times, by_time);
    printf(
        "{\"frames\": %zu, \"lost\": %zu, \"misordered\": %zu, \"repeated\": %zu, \"broken\": %d, \"seconds\": %.3f, "
        "\"p50_ms\": %.6f, \"p99_ms\": %.6f, \"highest_ms\": %.6f}\n",
        frames_seen, (size_t)stream_count * frame_count - frames_seen, misordered, repeated, broken, seconds,
        quantile(0.5), quantile(0.99), quantile(1));
    return 0;
}
