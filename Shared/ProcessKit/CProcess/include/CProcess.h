#ifndef UNLADEN_CPROCESS_H
#define UNLADEN_CPROCESS_H

#include <sys/types.h>

/// Starts the program at `path` as a child of the calling thread.
///
/// The child
/// - is killed by the kernel when the calling thread ends, so that it can't outlive its parent (PR_SET_PDEATHSIG, prctl(2)); the thread
///   must therefore exist for as long as the child should run;
/// - leads its own process group, so that a terminal's Ctrl-C doesn't reach it;
/// - has /dev/null as stdin, `output` and `error` as stdout and stderr, and inherits no other file descriptors;
/// - has no signals blocked or ignored.
///
/// Returns the child's process ID, or -1 with `errno` when it can't be started; no child remains in that case.
pid_t unladen_spawn(const char *path, char *const arguments[], char *const environment[], int output, int error);

/// Creates a pipe with close-on-exec ends (pipe2(2)): `ends[0]` is the non-blocking read end, `ends[1]` the write end.
/// Returns 0, or -1 with `errno`.
int unladen_pipe(int ends[2]);

/// Returns a file descriptor that becomes readable when the child `pid` exits (pidfd_open(2)), or -1 with `errno`.
int unladen_pidfd(pid_t pid);

#endif
