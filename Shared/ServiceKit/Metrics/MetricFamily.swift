/// All series of a metric, by their labels.
struct MetricFamily: Sendable {
    let name: String
    let kind: PrometheusText.Kind
    /// `nil` for metrics of libraries, which have no help text.
    var help: String?
    var series: [[MetricLabel]: any PrometheusSeries] = [:]

    init(name: String, kind: PrometheusText.Kind) {
        self.name = name
        self.kind = kind
    }

    /// Writes the series, sorted by their labels.
    func write(to text: inout PrometheusText) {
        guard help != nil || !series.isEmpty else { return }
        text.metric(name, kind, help)
        for (labels, series) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            series.write(to: &text, labels: labels.map { ($0.name, $0.value) })
        }
    }
}
