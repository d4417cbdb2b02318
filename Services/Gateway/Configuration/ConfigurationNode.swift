internal import JSON
internal import SafeText
internal import Yams

/// A value in a configuration file, which knows its line. Reading what isn't there gives `nil`; reading what is of another kind
/// gives `nil` too, and notes the mistake.
struct ConfigurationNode {
    let node: Node
    /// How messages call it: `endpoints[2].model`.
    let path: String
    let problems: ProblemList

    var line: Int { node.mark?.line ?? 1 }

    func problem(_ message: String) {
        problems.add(line, path.isEmpty ? message : "\(path): \(message)")
    }

    /// Whether the value was left out: `key:` with nothing, `null` or `~`.
    private var isNull: Bool { node.scalar != nil && node.tag == Tag(.null) }

    var isMapping: Bool { node.mapping != nil }
    var isScalar: Bool { node.scalar != nil }

    // MARK: Containers

    /// The members of a mapping.
    func members() -> ConfigurationMapping? {
        guard case .mapping(let mapping) = node else {
            problem("expected a mapping with keys, found \(found)")
            return nil
        }
        var members: [(key: String, value: ConfigurationNode)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.add(key.mark?.line ?? line, "\(path): a key must be a text")
                continue
            }
            members.append((name, ConfigurationNode(node: value, path: path.isEmpty ? name : "\(path).\(name)", problems: problems)))
        }
        return ConfigurationMapping(node: self, members: members.filter { !$0.value.isNull })
    }

    /// The elements of a list.
    func elements() -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else {
            problem("expected a list, found \(found)")
            return []
        }
        return sequence.enumerated().map { ConfigurationNode(node: $1, path: "\(path)[\($0)]", problems: problems) }
    }

    // MARK: Values

    func string() -> String? {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            problem("expected a text, found \(found)")
            return nil
        }
        return scalar.string
    }

    /// - Parameter range: what is allowed, for the check and the message.
    func integer(_ range: ClosedRange<Int64>) -> Int64? {
        // Python's spelling of large numbers, 1_000_000, is allowed.
        guard let scalar = node.scalar, let value = Int64(scalar.string.filter { $0 != "_" }), range.contains(value) else {
            problem("expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(found)")
            return nil
        }
        return value
    }

    func number(_ range: ClosedRange<Double>) -> Double? {
        guard let scalar = node.scalar, let value = Double(scalar.string), range.contains(value) else {
            problem("expected a number from \(range.lowerBound) to \(range.upperBound), found \(found)")
            return nil
        }
        return value
    }

    func boolean() -> Bool? {
        guard let scalar = node.scalar, let value = Bool.construct(from: scalar) else {
            problem("expected true or false, found \(found)")
            return nil
        }
        return value
    }

    /// One of a few words.
    func choice<Value>(_ choices: [(String, Value)]) -> Value? {
        guard let scalar = node.scalar, let value = choices.first(where: { $0.0 == scalar.string })?.1 else {
            problem("expected \(choices.map(\.0).joined(separator: ", ")), found \(found)")
            return nil
        }
        return value
    }

    /// A length of time: a number of seconds, or one with a unit: 250ms, 5s, 10m, 1h, 30d.
    ///
    /// - Parameter needsUnit: whether a number alone is refused, where people would rather think of days.
    func duration(needsUnit: Bool = false) -> Duration? {
        guard let scalar = node.scalar, let duration = Duration(configured: scalar.string, needsUnit: needsUnit) else {
            problem("expected a duration\(needsUnit ? " with a unit" : "") such as 250ms, 5s, 10m, 1h or 30d, found \(found)")
            return nil
        }
        return duration
    }

    /// The value as JSON, as an adapter gets it.
    func json() -> JSONValue {
        switch node {
        case .mapping(let mapping):
            .object(JSONObject(mapping.map { .init(name: $0.key.scalar?.string ?? "", value: child($0.value).json()) }))
        case .sequence(let sequence): .array(sequence.map { child($0).json() })
        case .scalar(let scalar):
            switch node.tag {
            case Tag(.null): .null
            case Tag(.bool): .bool(Bool.construct(from: scalar) ?? false)
            case Tag(.int): Int64(scalar.string).map { .integer($0) } ?? .string(scalar.string)
            case Tag(.float): Double(scalar.string).map { .number($0) } ?? .string(scalar.string)
            default: .string(scalar.string)
            }
        case .alias: .null
        }
    }

    private func child(_ node: Node) -> ConfigurationNode { ConfigurationNode(node: node, path: path, problems: problems) }

    /// What stands there, for messages. Never a text of more than a few letters: it could be a secret.
    private var found: String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar):
            if isNull || scalar.string.isEmpty {
                "nothing"
            } else if SecretNames.contains(path.split(separator: ".").last.map(String.init) ?? "", in: SecretNames.usual) {
                "a text"
            } else {
                "'\(scalar.string.prefix(24))'"
            }
        }
    }
}

/// The members of a mapping, of which each key that was asked for is known; what nobody asked for is a mistake.
final class ConfigurationMapping {
    private let node: ConfigurationNode
    private let members: [(key: String, value: ConfigurationNode)]
    private var known: [String] = []

    init(node: ConfigurationNode, members: [(key: String, value: ConfigurationNode)]) {
        self.node = node
        self.members = members
    }

    /// The member's value, or `nil`.
    subscript(key: String) -> ConfigurationNode? {
        known.append(key)
        return members.first { $0.key == key }?.value
    }

    /// The member's value; that it is missing is a mistake.
    func required(_ key: String) -> ConfigurationNode? {
        let value = self[key]
        if value == nil { node.problem("'\(key)' is missing") }
        return value
    }

    var all: [(key: String, value: ConfigurationNode)] { members }

    /// Notes the keys that nobody has asked for.
    func reportUnknownKeys() {
        for member in members where !known.contains(member.key) {
            member.value.problems.add(
                member.value.line, "\(member.value.path): there is no such key; there are: \(known.sorted().joined(separator: ", "))")
        }
    }
}

extension Duration {
    /// A number of seconds, or one with a unit. `nil` for what is no length of time, and for a negative one.
    init?(configured text: String, needsUnit: Bool = false) {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let value = Double(digits), value.isFinite, value <= 1e9 else { return nil }
        let unit: Double? =
            switch text[digits.endIndex...].trimmingSpaces {
            case "" where !needsUnit: 1
            case "s": 1
            case "ms": 0.001
            case "m": 60
            case "h": 3600
            case "d": 86400
            default: nil
        }
        guard let unit, value * unit <= 1e9 else { return nil }
        self = .milliseconds(Int64(value * unit * 1000))
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring { drop { $0 == " " } }
}
