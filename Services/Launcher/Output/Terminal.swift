internal import Glibc
internal import ServiceKit

/// The capabilities of this process's terminal.
package enum Terminal {
    /// Whether stderr is a terminal.
    package static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether to color lines on stderr: on a terminal that supports colors, unless the user disabled them (no-color.org).
    package static var errorIsColored: Bool {
        errorIsTerminal && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
    }
}
