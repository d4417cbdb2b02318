internal import ServiceKit
internal import WireProtocol

/// Aggregates values by group as rows come in, for a database that would have to sort the rows to group them.
///
/// Only the first groups in the order of time and dimensions are kept, as many as a page needs, so memory is bounded however many
/// groups there are.
struct MetricGroups {
    struct Key: Hashable {
        var bucket: Int64
        /// Told apart and sorted by their bytes.
        var dimensions: [KeyName]
    }

    private struct Group {
        var count = 0
        var sum = 0.0
        var minimum = Double.infinity
        var maximum = -Double.infinity
        /// Kept for percentiles.
        var values: [Double] = []
        /// Kept where different texts are counted.
        var texts: Set<KeyName> = []
    }

    /// How many values and texts may be kept for percentiles and distinct counts, 8 bytes and more each.
    static let maximumValues = 20_000_000

    /// Values for which memory is reserved at a time, and bytes of each, with the room that an array has to grow.
    private static let valuesPerReservation = 1 << 16
    private static let valueSize = 16

    private let limit: Int
    private let keepsValues: Bool
    private let memory: RequestMemory?
    private var indexes: [Key: Int] = [:]
    private var groups: [Group] = []
    /// Some of the groups met last, by a hash of their keys: most rows find theirs here.
    private var recent: [(key: Key, index: Int)?]
    /// The group met last when groups have no dimensions.
    private var last: (bucket: Int64, index: Int)?
    /// Groups behind this one can't be on the page.
    private var bound: Key?
    private var kept = 0

    /// - Parameters:
    ///   - limit: how many groups to keep.
    ///   - keepsValues: whether percentiles are wanted.
    ///   - memory: where the memory of kept values is reserved.
    init(limit: Int, keepsValues: Bool, memory: RequestMemory? = nil) {
        (self.limit, self.keepsValues, self.memory) = (max(limit, 1), keepsValues, memory)
        recent = Array(repeating: nil, count: Self.recentCount)
    }

    private static var recentCount: Int { 64 }

    /// Adds a value to the group at an index.
    ///
    /// - Throws: `ServiceError` when too many values would have to be kept.
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

    /// Counts a text in the group at an index unless the group has it already.
    ///
    /// - Throws: as `add`.
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
                "The query needs more than \(Self.maximumValues) values at once. Choose a shorter time range or more filters.")
        }
    }

    /// Where a group is, until the next group is looked up; `nil` for one that can't be on the page.
    mutating func index(of key: Key) -> Int? {
        let dimensions = key.dimensions.map { Array($0.text.utf8) }
        return index(bucket: key.bucket, dimensions: key.dimensions.count) { number, body in
            dimensions[number].withUnsafeBufferPointer(body)
        }
    }

    /// The same for a group whose dimensions are lent one by one.
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

    /// A hash that is good enough for the groups met last: of the length and the last bytes.
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

    /// Drops all groups but the first.
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

    /// The groups in their order, with what the aggregations make of each; `nil` where a group has no values.
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
    /// By time, then by the dimensions' bytes.
    static func < (left: Self, right: Self) -> Bool {
        guard left.bucket == right.bucket else { return left.bucket < right.bucket }
        return left.dimensions.lexicographicallyPrecedes(right.dimensions)
    }
}
