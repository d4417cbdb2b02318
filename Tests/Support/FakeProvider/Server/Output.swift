internal import Glibc

/// Prints a line at once, also into a pipe.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

func exit(with reason: String) -> Never {
    let line = Array((reason + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}
