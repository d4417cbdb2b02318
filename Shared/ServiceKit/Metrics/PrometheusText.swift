/// Writes Prometheus's text exposition format (prometheus.io/docs/instrumenting/exposition_formats).
package struct PrometheusText {
    package enum Kind: String {
        case counter, gauge, histogram
    }

    private(set) var text = ""
    private var name = ""
    private let constantLabels: [(String, String)]

    init(constantLabels: [(String, String)]) {
        self.constantLabels = constantLabels
    }

    /// Begins a metric; its samples follow.
    package mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Adds a sample of the current metric.
    package mutating func sample(_ value: Double, suffix: String = "", labels: [(String, String)] = []) {
        let labels = (constantLabels + labels).map { "\($0.0)=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
        text += "\(name)\(suffix){\(labels)} \(Self.number(value))\n"
    }

    /// Adds the buckets, sum and count of a histogram to the current metric.
    package mutating func histogram(_ histogram: DurationHistogram, labels: [(String, String)]) {
        var cumulative = 0
        for (bound, observations) in zip(DurationHistogram.bounds, histogram.buckets) {
            cumulative += observations
            sample(Double(cumulative), suffix: "_bucket", labels: labels + [("le", Self.number(bound))])
        }
        sample(Double(histogram.count), suffix: "_bucket", labels: labels + [("le", "+Inf")])
        sample(histogram.sum, suffix: "_sum", labels: labels)
        sample(Double(histogram.count), suffix: "_count", labels: labels)
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func escape(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
