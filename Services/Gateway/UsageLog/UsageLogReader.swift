internal import Foundation
internal import Glibc
internal import JSON

/// Reads the segments of usage logs.
enum UsageLogReader {
    /// Returns the requests that have ended in a segment. Damaged lines are skipped.
    ///
    /// - Parameter open: requests that have begun in this segment or an earlier one and haven't ended, by sequence number.
    static func read(_ segment: String, open: inout [Int64: UsageRecord]) -> [UsageRecord] {
        guard let data = FileManager.default.contents(atPath: segment) else { return [] }
        var ended: [UsageRecord] = []
        // A crash may leave the last line incomplete; its request counts as one that hasn't ended.
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let kind = line.first, let json = try? JSONValue(parsing: Array(line.dropFirst())),
                let record = UsageRecord(json)
            else { continue }
            if kind == UInt8(ascii: "E") {
                ended.append(record)
                open[record.sequence] = nil
            } else {
                open[record.sequence] = record
            }
        }
        return ended
    }

    /// Deletes a segment.
    static func remove(_ segment: String) { unlink(segment) }
}
