internal import CoreMetrics
internal import Synchronization

/// The number and the sum of recorded values, without quantiles.
final class PrometheusSummary: PrometheusSeries, RecorderHandler {
    private let count = Atomic<Int64>(0)
    private let sum = AtomicDouble()

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        count.addSaturating(1)
        sum.add(value)
    }

    func write(to text: inout PrometheusText, labels: [(String, String)]) {
        text.sample(sum.load(), suffix: "_sum", labels: labels)
        text.sample(Double(count.load(ordering: .relaxed)), suffix: "_count", labels: labels)
    }
}
