internal import JSON
internal import SafeText
internal import Yams

/// A value in a configuration file, with its line. A value of the wrong type reads as `nil`, and the mistake is added to the
/// problems.
struct ConfigurationNode {
    let node: Node
    /// The path in messages: `endpoints[2].model`.
    let path: String
    let problems: ProblemList

    var line: Int { node.mark?.line ?? 1 }

    /// Adds a problem at this value's line.
    func problem(_ message: String) {
        problems.add(line, path.isEmpty ? message : "\(path): \(message)")
    }

    /// Whether the value is empty (`key:` with nothing), `null` or `~`.
    private var isNull: Bool { node.scalar != nil && node.tag == Tag(.null) }

    var isMapping: Bool { node.mapping != nil }
    var isScalar: Bool { node.scalar != nil }

    // MARK: Containers

    /// Returns the members of a mapping, without those that are null.
    func members() -> ConfigurationMapping? {
        guard case .mapping(let mapping) = node else {
            problem("expected a mapping with keys, found \(found)")
            return nil
        }
        var members: [(key: String, value: ConfigurationNode)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                problems.add(key.mark?.line ?? line, "\(path): a key must be a string")
                continue
            }
            members.append((name, ConfigurationNode(node: value, path: path.isEmpty ? name : "\(path).\(name)", problems: problems)))
        }
        return ConfigurationMapping(node: self, members: members.filter { !$0.value.isNull })
    }

    /// Returns the elements of a list.
    func elements() -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else {
            problem("expected a list, found \(found)")
            return []
        }
        return sequence.enumerated().map { ConfigurationNode(node: $1, path: "\(path)[\($0)]", problems: problems) }
    }

    // MARK: Values

    /// Returns a string that isn't empty; numbers and booleans are returned as written.
    func string() -> String? {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            problem("expected a string, found \(found)")
            return nil
        }
        return scalar.string
    }

    /// - Parameter range: the allowed values.
    func integer(_ range: ClosedRange<Int64>) -> Int64? {
        // Underscores as in Python, 1_000_000, are allowed.
        guard let scalar = node.scalar, let value = Int64(scalar.string.filter { $0 != "_" }), range.contains(value) else {
            problem("expected an integer from \(range.lowerBound) to \(range.upperBound), found \(found)")
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

    /// Returns the value of one of the given words.
    func choice<Value>(_ choices: [(String, Value)]) -> Value? {
        guard let scalar = node.scalar, let value = choices.first(where: { $0.0 == scalar.string })?.1 else {
            problem("expected one of \(choices.map(\.0).joined(separator: ", ")); found \(found)")
            return nil
        }
        return value
    }

    /// Returns a duration: a number of seconds, or a number with a unit: 250ms, 5s, 10m, 1h, 30d.
    ///
    /// - Parameter needsUnit: whether a number without a unit is rejected, for values that people might take for days.
    func duration(needsUnit: Bool = false) -> Duration? {
        guard let scalar = node.scalar, let duration = Duration(configured: scalar.string, needsUnit: needsUnit) else {
            problem("expected a duration\(needsUnit ? " with a unit" : "") such as 250ms, 5s, 10m, 1h or 30d, found \(found)")
            return nil
        }
        return duration
    }

    /// Returns the value as JSON, the form that adapters receive.
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

    /// A description of the value for messages. Strings are cut after a few characters, and left out under a secret's name.
    private var found: String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar):
            if isNull || scalar.string.isEmpty {
                "nothing"
            } else if SecretNames.contains(path.split(separator: ".").last.map(String.init) ?? "", in: SecretNames.defaults) {
                "a string"
            } else {
                "'\(scalar.string.prefix(24))'"
            }
        }
    }
}

/// The members of a mapping. It remembers each key that is read, so that the remaining keys can be reported as unknown.
final class ConfigurationMapping {
    private let node: ConfigurationNode
    private let members: [(key: String, value: ConfigurationNode)]
    private var known: Set<String> = []

    init(node: ConfigurationNode, members: [(key: String, value: ConfigurationNode)]) {
        self.node = node
        self.members = members
    }

    /// The member's value; `nil` if it is missing or null.
    subscript(key: String) -> ConfigurationNode? {
        known.insert(key)
        return members.first { $0.key == key }?.value
    }

    /// Returns the member's value; it is a mistake if it is missing.
    func required(_ key: String) -> ConfigurationNode? {
        let value = self[key]
        if value == nil { node.problem("'\(key)' is missing") }
        return value
    }

    /// All members, in the order of the file.
    var all: [(key: String, value: ConfigurationNode)] { members }

    /// Adds a problem for each key that hasn't been read.
    func reportUnknownKeys() {
        for member in members where !known.contains(member.key) {
            member.value.problems.add(
                member.value.line, "\(member.value.path): unknown key; valid keys: \(known.sorted().joined(separator: ", "))")
        }
    }
}

extension Duration {
    /// Parses a number of seconds, or a number with a unit: `ms`, `s`, `m`, `h` or `d`. `nil` if it is invalid, negative or longer
    /// than 1e9 seconds.
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
