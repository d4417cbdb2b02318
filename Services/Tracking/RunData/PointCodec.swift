internal import Database

/// Compact binary encoding of points of several metrics of one run, about 12 bytes per point.
///
/// A point is encoded as its key ID, step and time, each as the difference from the previous point (from 0 for the first), followed
/// by its value. The differences are zigzag LEB128 varints, as in Protocol Buffers; the value is 8 bytes in little-endian order.
/// The lowest bit of the first varint isn't part of the key ID; it is set for NaN.
enum PointCodec {
    typealias Entry = (key: Int64, point: MetricPoint)

    static func encode(_ entries: some Collection<Entry>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 16)
        var previous: Entry = (0, MetricPoint(step: 0, timestamp: 0, value: 0))
        for entry in entries {
            append((entry.key &- previous.key) << 1 | (entry.point.isNaN ? 1 : 0), to: &bytes)
            append(entry.point.step &- previous.point.step, to: &bytes)
            append(entry.point.timestamp &- previous.point.timestamp, to: &bytes)
            withUnsafeBytes(of: entry.point.value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            previous = entry
        }
        return bytes
    }

    /// - Throws: `DatabaseError` if the bytes are malformed.
    static func decode(_ bytes: [UInt8]) throws -> [Entry] {
        var rest = bytes[...]
        var entries: [Entry] = []
        var previous: Entry = (0, MetricPoint(step: 0, timestamp: 0, value: 0))
        while !rest.isEmpty {
            let keyAndNaNFlag = try integer(&rest)
            let step = previous.point.step &+ (try integer(&rest))
            let timestamp = previous.point.timestamp &+ (try integer(&rest))
            guard rest.count >= 8 else { throw corruptData }
            let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(8)
            let point = MetricPoint(
                step: step, timestamp: timestamp, storedValue: Double(bitPattern: bits), isNaN: keyAndNaNFlag & 1 == 1)
            previous = (previous.key &+ (keyAndNaNFlag >> 1), point)
            entries.append(previous)
        }
        return entries
    }

    private static let corruptData = DatabaseError(.failure, "the points in fresh_metrics are corrupt")

    private static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func integer(_ bytes: inout ArraySlice<UInt8>) throws -> Int64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { throw corruptData }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        throw corruptData
    }
}
