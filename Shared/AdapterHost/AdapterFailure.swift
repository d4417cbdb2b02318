package import PluginHost

/// A failure of an adapter.
package struct AdapterFailure: Error, Equatable {
    package var kind: PluginFailureKind
    /// A human-readable message without secrets.
    package var message: String
    /// The usage that a rejected response reports.
    package var usage: TokenUsage?

    init(_ kind: PluginFailureKind, _ output: PluginOutput) {
        self.kind = kind
        message = output.message
        usage = output.usage
    }

    init(_ kind: PluginFailureKind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
