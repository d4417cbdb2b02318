package import WireProtocol

/// An error with the format in which `ErrorResponder` renders it.
struct FormattedError: Error {
    let error: any Error
    let format: ErrorFormat
}

extension Error {
    /// The error with the given format. An error that has a format keeps its own.
    package func formatted(as format: ErrorFormat) -> any Error {
        self is FormattedError ? self : FormattedError(error: self, format: format)
    }
}
