/// A document in YAML's block style, like the files of MLflow's models.
///
/// A string is written without quotes only if no version of YAML could read it as something else. Otherwise, it is in double quotes
/// with all other characters than printable ASCII escaped.
struct YAMLDocument: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case bool(Bool)
        case null
        /// Members in this order.
        case mapping([(key: String, value: Node)])
        case sequence([Node])

        /// A mapping to strings, sorted by key in Python's order: by Unicode scalars.
        static func sorted(_ texts: [(key: String, value: String)]) -> Node {
            let sorted = texts.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            return .mapping(sorted.map { (key: $0.key, value: .text($0.value)) })
        }
    }

    let text: String

    init(_ members: [(key: String, value: Node)]) {
        var lines = ""
        Self.write(.mapping(members), indent: 0, to: &lines)
        text = lines
    }

    private static func write(_ node: Node, indent: Int, to lines: inout String) {
        let space = String(repeating: " ", count: indent)
        switch node {
        case .mapping(let members):
            for (key, value) in members {
                let name = scalar(key)
                // A longer key isn't allowed before a colon on the same line.
                lines += name.unicodeScalars.count > 120 ? "\(space)? \(name)\n\(space):" : "\(space)\(name):"
                writeValue(value, indent: indent, to: &lines)
            }
        case .sequence(let nodes):
            for node in nodes {
                lines += "\(space)-"
                switch node {
                case .mapping(let members):
                    // Mappings in lists always have a single member.
                    for member in members.prefix(1) {
                        lines += " \(scalar(member.key)):"
                        writeValue(member.value, indent: indent + 2, to: &lines)
                    }
                default: writeValue(node, indent: indent, to: &lines)
                }
            }
        case .text, .bool, .null: break
        }
    }

    /// Writes the value after a colon or a dash.
    private static func writeValue(_ node: Node, indent: Int, to lines: inout String) {
        switch node {
        case .text(let text): lines += " \(scalar(text))\n"
        case .bool(let flag): lines += flag ? " true\n" : " false\n"
        case .null: lines += " null\n"
        case .mapping(let members) where members.isEmpty: lines += " {}\n"
        case .sequence(let nodes) where nodes.isEmpty: lines += " []\n"
        case .mapping:
            lines += "\n"
            write(node, indent: indent + 2, to: &lines)
        case .sequence:
            lines += "\n"
            write(node, indent: indent, to: &lines)
        }
    }

    // MARK: Scalars

    static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    private static let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.last != UInt8(ascii: " "), text.utf8.count <= 200,
            !words.contains(text.lowercased())
        else { return false }
        return text.utf8.allSatisfy { isLetter($0) || "0123456789_./<>= []-".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case " "..."~": quoted.unicodeScalars.append(scalar)
            default:
                let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\\(mark)" + String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return quoted + "\""
    }
}
