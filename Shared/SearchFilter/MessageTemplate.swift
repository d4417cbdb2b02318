internal import JSON

/// An error message with placeholders such as `{key}`.
///
/// The messages are part of the grammars, because MLflow's differ from search to search.
struct MessageTemplate: ExpressibleByStringLiteral, Sendable {
    let template: StaticString

    init(stringLiteral template: StaticString) { self.template = template }

    /// The error with every placeholder replaced by the value of that name; `{name!r}` is the value's Python `repr`. Long values are
    /// truncated.
    func error(_ values: KeyValuePairs<String, String> = [:]) -> FilterError {
        var message = ""
        var rest = template.description[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let placeholder = rest[rest.index(after: open)..<close]
            let isQuoted = placeholder.hasSuffix("!r")
            let name = isQuoted ? placeholder.dropLast(2) : placeholder
            let found = values.first { $0.key == name }?.value
            // These come from the grammar, not from the client.
            let value = name == "keys" || name == "operators" ? found : found?.excerpt()
            message += rest[..<open]
            message += value.map { isQuoted ? PythonRepr.quoted($0) : $0 } ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return FilterError(ErrorMessage(message + rest))
    }
}
