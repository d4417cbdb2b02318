#define _GNU_SOURCE
#include "CProcess.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int unladen_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    // Only the read end is non-blocking: the child must block when the pipe is full.
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

int unladen_pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}
