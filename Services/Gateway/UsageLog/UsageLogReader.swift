internal import Foundation
internal import Glibc
internal import JSON

/// Reads what a usage log holds.
enum UsageLogReader {
    /// The requests that have ended in a segment.
    ///
    /// - Parameter open: those that have begun, in this segment or one before, and not ended.
    static func read(_ segment: String, open: inout [Int64: UsageRecord]) -> [UsageRecord] {
        guard let data = FileManager.default.contents(atPath: segment) else { return [] }
        var ended: [UsageRecord] = []
        // The last line may have been cut off by the end of the process; then its request is one that has not ended.
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

    static func remove(_ segment: String) { unlink(segment) }
}
