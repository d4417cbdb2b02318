/// A histogram of durations in seconds.
package struct DurationHistogram: Sendable {
    /// Upper bounds of the buckets, in seconds.
    package static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    /// The number of observations between each bound and the previous one.
    package private(set) var buckets = [Int](repeating: 0, count: Self.bounds.count)
    package private(set) var count = 0
    package private(set) var sum = 0.0

    package init() {}

    /// Adds a duration in seconds.
    package mutating func observe(_ seconds: Double) {
        count += 1
        sum += seconds
        if let bucket = Self.bounds.firstIndex(where: { seconds <= $0 }) { buckets[bucket] += 1 }
    }
}
