/// The selection of points of a long series for a chart: the first point of each of `limit` equal buckets, and the last point.
///
/// The buckets are those of SQL's `NTILE(limit)`, which MLflow uses for sampling: the first `count % limit` buckets have one row
/// more than the others.
struct SamplePlan: Equatable, Sendable {
    let count: Int64
    let limit: Int64

    init(count: Int64, limit: Int) {
        self.count = max(0, count)
        self.limit = Int64(max(1, limit))
    }

    var takesAll: Bool { count <= limit }
    /// Rows in a small bucket; 0 if `count` is less than `limit`.
    var bucketSize: Int64 { count / limit }
    /// The number of buckets with one additional row.
    var largeBuckets: Int64 { count % limit }
    /// Rows in all large buckets together.
    var rowsInLargeBuckets: Int64 { largeBuckets * (bucketSize + 1) }

    /// The ranks to take, ascending and starting at 0.
    var ranks: [Int64] {
        guard count > 0 else { return [] }
        if takesAll { return Array(0..<count) }
        var ranks = (0..<limit).map { bucket in
            bucket < largeBuckets ? bucket * (bucketSize + 1) : rowsInLargeBuckets + (bucket - largeBuckets) * bucketSize
        }
        ranks[ranks.count - 1] = count - 1
        return ranks
    }
}
