/// Which points of a long series a chart gets: the first of each of `limit` equal buckets, and the last of all.
///
/// The buckets are those of SQL's `NTILE(limit)`, by which MLflow samples: with `count` rows the first `count % limit` buckets
/// have one row more than the others.
struct SamplePlan: Equatable, Sendable {
    let count: Int64
    let limit: Int64

    init(count: Int64, limit: Int) {
        self.count = max(0, count)
        self.limit = Int64(max(1, limit))
    }

    var takesAll: Bool { count <= limit }
    /// Rows in a small bucket; 0 when all rows are taken.
    var bucketSize: Int64 { count / limit }
    /// How many buckets have one row more.
    var largeBuckets: Int64 { count % limit }
    /// Rows in the large buckets together.
    var rowsInLargeBuckets: Int64 { largeBuckets * (bucketSize + 1) }

    /// The ranks to take, ascending, from 0.
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
