internal import Synchronization

/// A metric that doesn't appear before its first use.
final class OptionalMetric<Metric: AnyObject & Sendable>: Sendable {
    private let made = AtomicLazyReference<Metric>()
    private let make: @Sendable () -> Metric

    init(_ make: @escaping @Sendable () -> Metric) {
        self.make = make
    }

    var value: Metric { made.load() ?? made.storeIfNil(make()) }
}
