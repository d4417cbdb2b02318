/// Writes Prometheus's text exposition format (prometheus.io/docs/instrumenting/exposition_formats).
package struct PrometheusText {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram, summary
    }

    private(set) var text = ""
    private var name = ""
    private let constantLabels: [(String, String)]

    init(constantLabels: [(String, String)]) {
        self.constantLabels = constantLabels
    }

    /// Begins a metric; its samples follow.
    package mutating func metric(_ name: String, _ kind: Kind, _ help: String?) {
        self.name = name
        if let help { text += "# HELP \(name) \(Self.escaped(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Adds a sample of the current metric.
    package mutating func sample(_ value: Double, suffix: String = "", labels: [(String, String)] = []) {
        let labels = (constantLabels + labels).map { "\($0.0)=\"\(Self.escaped($0.1, inQuotes: true))\"" }.joined(separator: ",")
        text += "\(name)\(suffix){\(labels)} \(Self.number(value))\n"
    }

    /// A number as the format has it.
    static func number(_ value: Double) -> String {
        if let integer = Int64(exactly: value) { return String(integer) }
        if value.isNaN { return "NaN" }
        return value.isInfinite ? (value < 0 ? "-Inf" : "+Inf") : value.description
    }

    /// A name in which underscores replace the characters that the format doesn't allow.
    ///
    /// - Parameter allowingColons: whether it is the name of a metric; only those may contain colons.
    static func validName(_ name: String, allowingColons: Bool = false) -> String {
        let valid = name.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
            case ":" where allowingColons: ":"
            default: "_"
            }
        }
        return valid.first?.isNumber ?? true ? "_" + String(valid) : String(valid)
    }

    private static func escaped(_ text: String, inQuotes: Bool = false) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return inQuotes ? escaped.replacing("\"", with: "\\\"") : escaped
    }
}
