#ifndef UNLADEN_CPROCESS_H
#define UNLADEN_CPROCESS_H

#include <sys/types.h>

/// Starts the program at `path` as a child of the calling thread.
///
/// The child
/// - is killed by the kernel when the calling thread ends, so that it can't outlive its launcher however that ends
///   (PR_SET_PDEATHSIG, prctl(2)); the thread must therefore stay for as long as the child shall run;
/// - leads a process group of its own, so that a terminal's Ctrl-C doesn't reach it;
/// - has /dev/null as stdin, `output` and `error` as stdout and stderr, and no other file of ours;
/// - has no signal blocked or ignored.
///
/// Returns the child's process id, or -1 with `errno` when it couldn't be started; then no child is left.
pid_t unladen_spawn(const char *path, char *const arguments[], char *const environment[], int output, int error);

/// Makes a pipe whose ends a started program doesn't inherit (pipe2(2)): `ends[0]` is read from, without waiting;
/// `ends[1]` is written to. Returns 0, or -1 with `errno`.
int unladen_pipe(int ends[2]);

/// A file descriptor that becomes readable when the child `pid` has ended (pidfd_open(2)), or -1 with `errno`.
int unladen_pidfd(pid_t pid);

/// Takes a write lock on the whole file without waiting; it goes with the last copy of the open file (fcntl(2), "open
/// file description locks"). Returns 0, or -1 with `errno`, which is EAGAIN when another has locked the file.
int unladen_lock(int file);

/// 1 if somebody holds a lock that `unladen_lock` would meet, 0 if nobody does, -1 with `errno`.
int unladen_is_locked(int file);

#endif
