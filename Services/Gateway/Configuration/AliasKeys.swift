internal import Yams

/// Finds aliases in the names of keys, which nobody needs.
///
/// Yams compares all keys of a mapping while it reads them, with all that their aliases stand for: a file of 400 bytes, in which each anchor
/// has several aliases of the one before, would keep it busy for hours.
enum AliasKeys {
    /// Stands where the sign of an alias was.
    private static let mark: Character = "\u{2042}"

    /// The line of the first alias in a key's name; `nil` without any.
    ///
    /// - Throws: `YamlError` for what isn't YAML.
    static func line(in text: String) throws -> Int? {
        guard let marked = marked(text), let root = try Yams.compose(yaml: marked) else { return nil }
        var waiting = [root]
        while let node = waiting.popLast() {
            switch node {
            case .mapping(let mapping):
                for (key, value) in mapping {
                    if hasMark(key) { return key.mark?.line ?? 1 }
                    waiting.append(value)
                }
            case .sequence(let sequence): waiting += sequence
            case .scalar, .alias: break
            }
        }
        return nil
    }

    private static func hasMark(_ key: Node) -> Bool {
        var waiting = [key]
        while let node = waiting.popLast() {
            switch node {
            case .mapping(let mapping): waiting += mapping.flatMap { [$0.key, $0.value] }
            case .sequence(let sequence): waiting += sequence
            case .scalar(let scalar): if scalar.string.contains(mark) { return true }
            case .alias: return true
            }
        }
        return false
    }

    /// The text with plain words in place of its aliases; `nil` for one that has no anchors.
    private static func marked(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: "*")) else { return nil }
        let names = Set(text.matches(of: #/&([A-Za-z0-9_-]+)/#).map { String($0.1) })
        return text.replacing(#/\*([A-Za-z0-9_-]+)/#) { names.contains(String($0.1)) ? "\(mark)\($0.1)" : String($0.0) }
    }
}
