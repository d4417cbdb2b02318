package import HTTPTypes

extension HTTPFields {
    /// Whether the body is declared as JSON, with or without parameters.
    ///
    /// Requiring this keeps pages of other origins from sending requests: without a preflight, a browser only allows a few content types,
    /// such as `text/plain`, and JSON isn't one of them (fetch.spec.whatwg.org, "CORS-safelisted request-header").
    package var declaresJSON: Bool {
        guard let value = value(of: .contentType) else { return false }
        // What nearly all clients send.
        if value == "application/json" { return true }
        let type = value.prefix { $0 != ";" }
        return type.trimmingSpaces.lowercased() == "application/json"
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return start }
        return start[...last]
    }
}
