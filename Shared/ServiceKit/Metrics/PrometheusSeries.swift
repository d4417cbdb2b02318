/// The value of a metric for one combination of labels.
protocol PrometheusSeries: AnyObject, Sendable {
    /// Writes the samples to the current metric.
    func write(to text: inout PrometheusText, labels: [(String, String)])
}
