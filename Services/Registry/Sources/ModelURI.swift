internal import WireProtocol

/// The reference in a `models:/…` URI.
enum ModelURI: Equatable, Sendable {
    /// `models:/m-…`
    case loggedModel(String)
    /// `models:/NAME/3`; `number` is the digits as written.
    case version(name: String, number: String)
    /// `models:/NAME/Production`, and `models:/NAME/latest` for any stage.
    case latest(name: String, stage: String?)
    /// `models:/NAME@ALIAS`
    case alias(name: String, alias: String)

    /// Parses a URI like MLflow's `_parse_model_uri`; `nil` if it has none of the forms.
    init?(_ text: String) {
        let uri = SourceURI(text, splitsFragment: false)
        guard uri.scheme == "models", uri.path.hasPrefix("/") else { return nil }
        let parts = uri.path.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let name = parts.first, !Self.isBlank(name) else { return nil }
        if parts.count == 2 {
            let suffix = parts[1]
            if Self.isBlank(suffix) { return nil }
            let isNumber = suffix.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
            self =
                isNumber
                ? .version(name: name, number: suffix)
                : .latest(name: name, stage: suffix.lowercased() == "latest" ? nil : suffix)
        } else if let at = name.lastIndex(of: "@") {
            let alias = String(name[name.index(after: at)...])
            if Self.isBlank(alias) { return nil }
            self = .alias(name: String(name[..<at]), alias: alias)
        } else {
            self = .loggedModel(name)
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
