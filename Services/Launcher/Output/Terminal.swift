internal import Glibc
internal import ServiceKit

/// What may be done with an output of this process.
package enum Terminal {
    package static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether lines on stderr may be coloured: on a terminal that can, unless the user objects (no-color.org).
    package static var errorIsColoured: Bool {
        errorIsTerminal && Environment["NO_COLOR"] == nil && Environment["TERM"] != "dumb"
    }
}
