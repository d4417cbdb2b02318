package import JSON

/// Redaction of other programs' errors. Their stack traces and file paths are useless to clients and help attackers.
extension Redaction {
    /// The maximum size of a redacted error, in bytes.
    private static let errorLimit = 2000
    /// The number of bytes of an error to examine: more than the limit, because a stack trace may precede the reason.
    private static let maxInspectedBytes = 64 << 10

    /// Another program's error without secrets, stack traces and file paths.
    ///
    /// The text must be complete: a truncated secret isn't recognized.
    package func redacted(error text: String) -> String {
        var budget = ErrorBudget()
        return redacted(error: text, &budget)
    }

    /// Applies `redacted(error:)` to every string in an error's JSON. Omits strings beyond a size limit.
    package func redacted(error value: JSONValue) -> JSONValue {
        var budget = ErrorBudget()
        return redacted(error: value, &budget)
    }

    private func redacted(error value: JSONValue, _ budget: inout ErrorBudget) -> JSONValue {
        redacted(value) { redacted(error: $0, &budget) }
    }

    private func redacted(error text: String, _ budget: inout ErrorBudget) -> String {
        guard !text.isEmpty else { return text }
        guard budget.take(text) else { return "…" }
        var short = self
        short.maxTextBytes = min(maxTextBytes, Self.errorLimit)
        let (inspected, isCut) = text.truncated(toBytes: Self.maxInspectedBytes)
        if !isCut, let json = Self.json(in: inspected) {
            let found = redacted(error: json, &budget)
            return short.cut(found == json ? inspected : found.jsonString)
        }
        // Secrets first: removing paths could remove a part of a secret that contains slashes.
        let known = String(decoding: withoutKnownSecrets(Array(inspected.utf8), isCut: isCut), as: UTF8.self)
        return short.redacted(FilePaths.removed(from: StackTraces.removed(from: known)))
    }
}

/// Limits how much of an error's JSON is examined: enough for a human reader, and little enough for an event loop.
private struct ErrorBudget {
    private var texts = 1_000
    private var bytes = 256 << 10

    mutating func take(_ text: String) -> Bool {
        guard texts > 0, bytes > 0 else { return false }
        texts -= 1
        bytes -= text.utf8.count
        return true
    }
}
