/// Builds Prometheus' exposition format (prometheus.io/docs/instrumenting/exposition_formats).
struct PrometheusText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""
    private var name = ""
    private let constantLabels: [(String, String)]

    init(constantLabels: [(String, String)]) {
        self.constantLabels = constantLabels
    }

    /// Begins a metric; its samples follow.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: Double, suffix: String = "", labels: [(String, String)] = []) {
        let labels = (constantLabels + labels).map { "\($0.0)=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
        text += "\(name)\(suffix){\(labels)} \(Self.number(value))\n"
    }

    /// - Parameter buckets: how many observations fell between each bound and the one before.
    mutating func histogram(bounds: [Double], buckets: [Int], count: Int, sum: Double, labels: [(String, String)]) {
        var cumulative = 0
        for (bound, observations) in zip(bounds, buckets) {
            cumulative += observations
            sample(Double(cumulative), suffix: "_bucket", labels: labels + [("le", Self.number(bound))])
        }
        sample(Double(count), suffix: "_bucket", labels: labels + [("le", "+Inf")])
        sample(sum, suffix: "_sum", labels: labels)
        sample(Double(count), suffix: "_count", labels: labels)
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func escape(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
