internal import CoreMetrics
internal import Synchronization

/// A histogram of durations, in seconds.
final class PrometheusHistogram: PrometheusSeries, TimerHandler {
    /// Upper bounds of the buckets, in nanoseconds. The last bucket has none.
    private static let bounds: InlineArray<15, Int64> = [
        500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
    ]

    /// The number of durations between each bound and the previous one.
    private let buckets = InlineArray<16, Atomic<Int64>> { _ in Atomic(0) }
    /// In nanoseconds.
    private let sum = Atomic<Int64>(0)

    func recordNanoseconds(_ duration: Int64) {
        var bucket = 0
        while bucket < Self.bounds.count, duration > Self.bounds[bucket] { bucket += 1 }
        buckets[bucket].wrappingAdd(1, ordering: .relaxed)
        sum.addSaturating(max(duration, 0))
    }

    func write(to text: inout PrometheusText, labels: [(String, String)]) {
        var count: Int64 = 0
        for index in buckets.indices {
            count += buckets[index].load(ordering: .relaxed)
            let bound = index < Self.bounds.count ? Double(Self.bounds[index]) / 1e9 : .infinity
            text.sample(Double(count), suffix: "_bucket", labels: labels + [("le", PrometheusText.number(bound))])
        }
        text.sample(Double(sum.load(ordering: .relaxed)) / 1e9, suffix: "_sum", labels: labels)
        text.sample(Double(count), suffix: "_count", labels: labels)
    }
}
