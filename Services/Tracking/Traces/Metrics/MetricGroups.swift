internal import HTTPServer
internal import ServiceKit
internal import WireProtocol

/// Aggregates values by group as rows arrive, for a database that would have to sort the rows to group them.
///
/// Keeps only the first groups by time and dimensions, as many as a page needs, so memory is bounded whatever the number of groups.
struct MetricGroups {
    struct Key: Hashable {
        var bucket: Int64
        /// Compared and sorted by their bytes.
        var dimensions: [KeyName]
    }

    private struct Group {
        var count = 0
        var sum = 0.0
        var minimum = Double.infinity
        var maximum = -Double.infinity
        /// The values, kept only for percentiles.
        var values: [Double] = []
        /// The distinct strings, kept only for distinct counts.
        var texts: Set<KeyName> = []
    }

    /// The maximum number of values and strings kept for percentiles and distinct counts; each takes at least 8 bytes.
    static let maximumValues = 20_000_000

    /// How many values one memory reservation covers.
    private static let valuesPerReservation = 1 << 16
    /// Bytes reserved per value, including the spare capacity of a growing array.
    private static let valueSize = 16

    private let limit: Int
    private let keepsValues: Bool
    private let memory: RequestMemory?
    private var indexes: [Key: Int] = [:]
    private var groups: [Group] = []
    /// A cache of recently used groups, indexed by a hash of their keys; most rows hit it.
    private var recent: [(key: Key, index: Int)?]
    /// The most recently used group, when groups have no dimensions.
    private var last: (bucket: Int64, index: Int)?
    /// The last key that fits on the page; groups after it are dropped.
    private var bound: Key?
    private var kept = 0

    /// - Parameters:
    ///   - limit: the maximum number of groups to keep.
    ///   - keepsValues: whether percentiles are requested.
    ///   - memory: the budget from which memory for kept values is reserved.
    init(limit: Int, keepsValues: Bool, memory: RequestMemory? = nil) {
        (self.limit, self.keepsValues, self.memory) = (max(limit, 1), keepsValues, memory)
        recent = Array(repeating: nil, count: Self.recentCount)
    }

    private static var recentCount: Int { 64 }

    /// Adds a value to the group at an index.
    ///
    /// - Throws: `ServiceError` if too many values would have to be kept.
    mutating func add(_ value: Double, at index: Int) throws {
        groups[index].count += 1
        groups[index].sum += value
        if value < groups[index].minimum { groups[index].minimum = value }
        if value > groups[index].maximum { groups[index].maximum = value }
        if keepsValues {
            groups[index].values.append(value)
            try countKept()
        }
    }

    /// Adds a string to the group at an index, unless the group already contains it.
    ///
    /// - Throws: the same errors as `add(_:at:)`.
    mutating func add(distinct text: String, at index: Int) throws {
        guard groups[index].texts.insert(KeyName(text)).inserted else { return }
        groups[index].count += 1
        try countKept()
    }

    private mutating func countKept() throws {
        kept += 1
        if kept % Self.valuesPerReservation == 1 { try memory?.reserve(Self.valuesPerReservation * Self.valueSize) }
        guard kept <= Self.maximumValues else {
            throw ServiceError.invalidParameter(
                "The query needs more than \(Self.maximumValues) values in memory. Choose a shorter time range or more filters.")
        }
    }

    /// The index of a group, valid until the next lookup; `nil` if the group can't be on the page.
    mutating func index(of key: Key) -> Int? {
        let dimensions = key.dimensions.map { Array($0.text.utf8) }
        return index(bucket: key.bucket, dimensions: key.dimensions.count) { number, body in
            dimensions[number].withUnsafeBufferPointer(body)
        }
    }

    /// The index of a group whose dimensions are passed one by one through a callback.
    mutating func index(
        bucket: Int64, dimensions count: Int, _ lend: (_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Void
    ) -> Int? {
        if count == 0 {
            if let last, last.bucket == bucket { return last.index }
            last = find(Key(bucket: bucket, dimensions: [])).map { (bucket, $0) }
            return last?.index
        }
        var hash = UInt64(bitPattern: bucket)
        for number in 0..<count { lend(number) { hash = Self.mix(hash, $0) } }
        let slot = Int((hash &* 0x9E37_79B9_7F4A_7C15) >> 58)
        if let (key, index) = recent[slot], key.bucket == bucket, Self.matches(key, lend) { return index }
        var names: [KeyName] = []
        for number in 0..<count { lend(number) { names.append(KeyName(String(decoding: $0, as: UTF8.self))) } }
        let key = Key(bucket: bucket, dimensions: names)
        guard let index = find(key) else { return nil }
        recent[slot] = (key, index)
        return index
    }

    /// Updates a hash with the length and the last bytes of a dimension. It is weak, but sufficient for the cache.
    private static func mix(_ hash: UInt64, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        bytes.suffix(8).reduce(hash &* 31 &+ UInt64(bytes.count)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func matches(
        _ key: Key, _ lend: (_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Void
    ) -> Bool {
        for (number, name) in key.dimensions.enumerated() {
            var isSame = false
            lend(number) { isSame = name.text.utf8.elementsEqual($0) }
            if !isSame { return false }
        }
        return true
    }

    private mutating func find(_ key: Key) -> Int? {
        if let bound, bound < key { return nil }
        if let index = indexes[key] { return index }
        if groups.count >= 2 * limit + 1000 {
            prune()
            if let bound, bound < key { return nil }
        }
        let index = groups.count
        groups.append(Group())
        indexes[key] = index
        return index
    }

    /// Drops all groups beyond the limit.
    private mutating func prune() {
        let sorted = indexes.sorted { $0.key < $1.key }.prefix(limit)
        var (indexes, groups): ([Key: Int], [Group]) = ([:], [])
        for (key, index) in sorted {
            indexes[key] = groups.count
            groups.append(self.groups[index])
        }
        kept = groups.reduce(0) { $0 + $1.values.count + $1.texts.count }
        (self.indexes, self.groups, bound) = (indexes, groups, sorted.last?.key)
        recent = Array(repeating: nil, count: Self.recentCount)
        last = nil
    }

    /// The groups in order, each with its aggregated values; `nil` where a group has no values.
    mutating func results(_ aggregations: [MetricAggregation]) -> [(key: Key, values: [Double?])] {
        let percentiles = aggregations.compactMap { if case .percentile(let value) = $0 { value } else { nil } }
        return indexes.sorted { $0.key < $1.key }.prefix(limit).map { key, index in
            var quantiles = Quantiles(groups[index].values)
            groups[index].values = []
            var found = quantiles.percentiles(percentiles)[...]
            let group = groups[index]
            return (
                key,
                aggregations.map { aggregation in
                    guard group.count > 0 else { return aggregation == .count ? 0 : nil }
                    return switch aggregation {
                    case .count: Double(group.count)
                    case .sum: group.sum
                    case .average: group.sum / Double(group.count)
                    case .minimum: group.minimum
                    case .maximum: group.maximum
                    case .percentile: found.popFirst() ?? nil
                    }
                }
            )
        }
    }
}

extension MetricGroups.Key: Comparable {
    /// Orders by time, then by the dimensions' bytes.
    static func < (left: Self, right: Self) -> Bool {
        guard left.bucket == right.bucket else { return left.bucket < right.bucket }
        return left.dimensions.lexicographicallyPrecedes(right.dimensions)
    }
}
