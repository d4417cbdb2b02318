#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/// Executes the program in the forked child. Between fork and exec, only async-signal-safe functions may be called.
/// Returns only on failure, with `errno`.
static void exec_program(
    const char *path, char *const arguments[], char *const environment[], const int files[3], pid_t parent)
{
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
    // The parent may have exited before the call of prctl; then nothing reads the report.
    if (getppid() != parent) _exit(127);

    // A parent that was started without stdin, stdout or stderr may have other files at these descriptors.
    int copies[3];
    for (int number = 0; number < 3; number++) {
        copies[number] = fcntl(files[number], F_DUPFD_CLOEXEC, 3);
        if (copies[number] < 0) return;
    }
    for (int number = 0; number < 3; number++)
        if (dup2(copies[number], number) < 0) return;

    // Don't pass on inherited descriptors, or those that a library opened without O_CLOEXEC.
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    // exec resets handlers, but not ignored signals.
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(path, arguments, environment);
}

/// Reads the `errno` that the child reported; 0 when the exec succeeded and closed the pipe.
static int read_errno(int file)
{
    int reason = 0;
    ssize_t count;
    do {
        count = read(file, &reason, sizeof reason);
    } while (count < 0 && errno == EINTR);
    return count == sizeof reason ? reason : 0;
}

pid_t unladen_spawn(const char *path, char *const arguments[], char *const environment[], int output, int error)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0) {
        int reason = errno;
        close(report[0]);
        close(report[1]);
        errno = reason;
        return -1;
    }
    const int files[3] = {input, output, error};
    const pid_t parent = getpid();

    // Block all signals so that no handler runs in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) {
        // The pipe's descriptor may be below 3, which the child uses for other files.
        int report_end = fcntl(report[1], F_DUPFD_CLOEXEC, 3);
        exec_program(path, arguments, environment, files, parent);
        int reason = errno;
        (void)!write(report_end, &reason, sizeof reason);
        _exit(127);
    }
    int reason = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    close(input);
    if (pid > 0) {
        reason = read_errno(report[0]);
        if (reason != 0) {
            waitpid(pid, NULL, 0);
            pid = -1;
        }
    }
    close(report[0]);
    errno = reason;
    return pid;
}
