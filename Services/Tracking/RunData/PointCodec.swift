internal import Database

/// Points of several metrics of one run as bytes, a dozen for each.
///
/// Each point is the difference of its key's number, step and time to those of the point before (0 for the first), and its
/// value: three integers in zigzag and LEB128 form, as protocol buffers have them, and the eight bytes of the value, the least
/// significant first. The lowest bit of the first integer isn't part of the key; it is set for NaN.
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

    /// - Throws: `DatabaseError` when the bytes are no points.
    static func decode(_ bytes: [UInt8]) throws -> [Entry] {
        var rest = bytes[...]
        var entries: [Entry] = []
        var previous: Entry = (0, MetricPoint(step: 0, timestamp: 0, value: 0))
        while !rest.isEmpty {
            let keyAndNaNFlag = try integer(&rest)
            let step = previous.point.step &+ (try integer(&rest))
            let timestamp = previous.point.timestamp &+ (try integer(&rest))
            guard rest.count >= 8 else { throw damaged }
            let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            rest = rest.dropFirst(8)
            let point = MetricPoint(
                step: step, timestamp: timestamp, storedValue: Double(bitPattern: bits), isNaN: keyAndNaNFlag & 1 == 1)
            previous = (previous.key &+ (keyAndNaNFlag >> 1), point)
            entries.append(previous)
        }
        return entries
    }

    private static let damaged = DatabaseError(.failure, "the points in fresh_metrics are damaged")

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
            guard let byte = bytes.popFirst() else { throw damaged }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        throw damaged
    }
}
