/* The clock with which the upstream stamps frames and the client times their arrival. */
#ifndef MONOTONIC_H
#define MONOTONIC_H

#include <stdint.h>
#include <time.h>

#define NANOSECONDS 1000000000LL

/* Nanoseconds of a clock shared by all processes of the machine. */
static inline int64_t monotonic_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

/* The timeout with which epoll_pwait2 wakes at `when`; zero if that has passed. */
static inline struct timespec monotonic_until(int64_t when) {
    int64_t left = when - monotonic_now();
    if (left < 0) left = 0;
    return (struct timespec){.tv_sec = left / NANOSECONDS, .tv_nsec = left % NANOSECONDS};
}

#endif
