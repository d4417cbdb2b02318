package import WireProtocol

/// An error with the format in which `ErrorResponder` renders it.
struct FormattedError: Error {
    let error: any Error
    let format: ErrorFormat
}

extension Error {
    /// The error with its format. An error that already has one keeps it.
    package func formatted(as format: ErrorFormat) -> any Error {
        self is FormattedError ? self : FormattedError(error: self, format: format)
    }
}
