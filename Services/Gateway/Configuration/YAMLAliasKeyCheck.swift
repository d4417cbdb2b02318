internal import Yams

/// Finds aliases in the names of keys, which are not allowed.
///
/// Yams compares the keys of a mapping with each other, with their aliases expanded. A file of 400 bytes, in which each anchor has
/// several aliases of the one before, would keep it busy for hours.
enum YAMLAliasKeyCheck {
    /// Replaces the `*` of an alias.
    private static let placeholder: Character = "\u{2042}"

    /// Returns the line of the first alias in a key's name, or `nil`.
    ///
    /// - Throws: `YamlError` for invalid YAML.
    static func firstAliasedKeyLine(in text: String) throws -> Int? {
        guard let substituted = substitutingAliases(in: text), let root = try Yams.compose(yaml: substituted) else { return nil }
        var pending = [root]
        while let node = pending.popLast() {
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping {
                    if hasPlaceholder(key) { return key.mark?.line ?? 1 }
                    pending.append(value)
                }
            case .sequence(let sequence): pending += sequence
            case .scalar, .alias: break
            }
        }
        return nil
    }

    private static func hasPlaceholder(_ key: Node) -> Bool {
        var pending = [key]
        while let node = pending.popLast() {
            switch node {
            case .mapping(let mapping): pending += mapping.flatMap { [$0.key, $0.value] }
            case .sequence(let sequence): pending += sequence
            case .scalar(let scalar): if scalar.string.contains(placeholder) { return true }
            case .alias: return true
            }
        }
        return false
    }

    /// Returns the text with plain words in place of its aliases; `nil` if it has none.
    private static func substitutingAliases(in text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        let names = Set(text.matches(of: #/&([A-Za-z0-9_-]+)/#).map { String($0.1) })
        return text.replacing(#/\*([A-Za-z0-9_-]+)/#) { names.contains(String($0.1)) ? "\(placeholder)\($0.1)" : String($0.0) }
    }
}
