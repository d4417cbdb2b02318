internal import CoreMetrics
internal import Synchronization

/// A counter that only grows, by whole or fractional amounts.
final class PrometheusCounter: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fractional = AtomicDouble()

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.addSaturating(amount)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0)
    }

    func write(to text: inout PrometheusText, labels: [(String, String)]) {
        text.sample(Double(whole.load(ordering: .relaxed)) + fractional.load(), labels: labels)
    }
}
