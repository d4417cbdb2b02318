internal import JSON

/// The text of an error, with placeholders such as `{key}` that are filled in when it is raised.
///
/// The texts of all grammars are data, because MLflow's differ from search to search.
struct MessageTemplate: ExpressibleByStringLiteral, Sendable {
    let template: StaticString

    init(stringLiteral template: StaticString) { self.template = template }

    /// The error with every placeholder in braces replaced by the value of that name; `{name!r}` is the value as Python
    /// quotes it. Of a long value only the beginning is shown.
    func error(_ values: KeyValuePairs<String, String> = [:]) -> FilterError {
        var message = ""
        var rest = template.description[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let placeholder = rest[rest.index(after: open)..<close]
            let isQuoted = placeholder.hasSuffix("!r")
            let name = isQuoted ? placeholder.dropLast(2) : placeholder
            let found = values.first { $0.key == name }?.value
            // These are lists of ours.
            let value = name == "keys" || name == "operators" ? found : found?.excerpt()
            message += rest[..<open]
            message += value.map { isQuoted ? PythonRepr.quoted($0) : $0 } ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return FilterError(ErrorMessage(message + rest))
    }
}
