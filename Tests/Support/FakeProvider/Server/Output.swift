internal import Glibc

/// Prints a line and flushes it, even if stdout is a pipe.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

func exit(with reason: String) -> Never {
    let line = Array((reason + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}
