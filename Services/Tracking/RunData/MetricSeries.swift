/// A metric point as stored. NaN has a separate marker, because SQLite stores NaN as NULL.
struct MetricPoint: Sendable, Hashable, Comparable {
    var step: Int64
    /// Milliseconds since 1970, as a plain number: points are sorted and packed by the million.
    var timestamp: Int64
    var value: Double
    var isNaN: Bool

    init(step: Int64, timestamp: Int64, value: Double) {
        self.step = step
        self.timestamp = timestamp
        isNaN = value.isNaN
        // As in MLflow, infinities become the largest finite numbers, which every database can store.
        self.value = isNaN ? 0 : min(max(value, -Double.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }

    init(step: Int64, timestamp: Int64, storedValue: Double, isNaN: Bool) {
        self.step = step
        self.timestamp = timestamp
        value = storedValue
        self.isNaN = isNaN
    }

    /// MLflow's order: the step takes precedence over the time.
    static func < (left: Self, right: Self) -> Bool {
        (left.step, left.timestamp, left.value, left.isNaN ? 1 : 0) < (right.step, right.timestamp, right.value, right.isNaN ? 1 : 0)
    }
}

/// Summary of all points of one metric of one run: the row in `latest_metrics`.
struct MetricSeries: Sendable, Equatable {
    /// Every `rankInterval`-th point of a series in order has a rank entry, so that a short scan finds the point at any rank.
    static let rankInterval = 16

    /// The greatest point, which MLflow shows as the metric's value.
    private(set) var latest: MetricPoint
    private(set) var count: Int64
    /// Whether the points arrived in the order of both step and time. Then a point's rank is its position in the order of arrival,
    /// and sorting by step is the same as sorting by time.
    private(set) var isInOrder: Bool

    init(latest: MetricPoint, count: Int64, isInOrder: Bool) {
        self.latest = latest
        self.count = count
        self.isInOrder = isInOrder
    }

    /// A rank entry: the point at a rank that is a multiple of `rankInterval`, from 0.
    struct RankEntry: Equatable, Sendable {
        var rank: Int64
        var point: MetricPoint
    }

    /// Appends points that aren't in the series yet.
    ///
    /// - Parameter points: sorted, without duplicates.
    /// - Returns: the extended series and the rank entries of the new points; `nil` if there are no points.
    static func appending(_ points: [MetricPoint], to series: MetricSeries?) -> (series: MetricSeries, rankEntries: [RankEntry])? {
        guard let first = points.first, let last = points.last else { return nil }
        var result = series ?? MetricSeries(latest: first, count: 0, isInOrder: true)
        var rankEntries: [RankEntry] = []
        var previous = series?.latest
        for point in points {
            if let previous {
                result.isInOrder = result.isInOrder && point > previous && point.timestamp >= previous.timestamp
            }
            if result.isInOrder, result.count % Int64(rankInterval) == 0 {
                rankEntries.append(RankEntry(rank: result.count, point: point))
            }
            result.count += 1
            previous = point
        }
        result.latest = max(result.latest, last)
        return (result, rankEntries)
    }

    /// Removes a number of points from the end.
    mutating func removeLast(_ points: Int64) {
        count -= points
    }

    /// Returns the rank entries among the last points of the series; none if the series isn't in order.
    ///
    /// - Parameter points: sorted.
    func rankEntries(ofLast points: [MetricPoint]) -> [RankEntry] {
        guard isInOrder else { return [] }
        let ranks = count - Int64(points.count)..<count
        return zip(ranks, points).filter { $0.0 % Int64(Self.rankInterval) == 0 }.map { RankEntry(rank: $0, point: $1) }
    }
}
