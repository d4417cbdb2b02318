package import Primitives

/// Converts times and durations between milliseconds and protobuf's JSON form (protobuf.dev/programming-guides/json): RFC 3339 in
/// UTC for times, and seconds with the suffix `s` for durations.
package enum ProtobufTime {
    /// The range of `google.protobuf.Timestamp`: the years 1 to 9999.
    private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    package static func text(_ time: UnixMilliseconds) -> String {
        ISO8601.text(UnixMilliseconds(min(max(time.rawValue, range.lowerBound), range.upperBound)), fraction: .millisecondsUnlessZero)
    }

    /// - Returns: `nil` if the string isn't a valid time.
    package static func time(_ text: String) -> UnixMilliseconds? { ISO8601.time(text) }

    package static func durationText(_ duration: Milliseconds) -> String {
        let (seconds, rest) = duration.rawValue.magnitude.quotientAndRemainder(dividingBy: 1000)
        let fraction = rest == 0 ? "" : "." + String(1000 + rest).dropFirst()
        return "\(duration.rawValue < 0 ? "-" : "")\(seconds)\(fraction)s"
    }

    /// - Returns: `nil` if the string isn't a valid duration.
    package static func duration(_ text: String) -> Milliseconds? {
        let pattern = /(-?)(\d{1,12})(?:\.(\d{1,9}))?s/
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 < 0x80 }), let match = text.wholeMatch(of: pattern)?.output,
            let seconds = Int64(match.2), let fraction = Int64(((match.3 ?? "") + "000").prefix(3))
        else { return nil }
        return Milliseconds((match.1.isEmpty ? 1 : -1) * (seconds * 1000 + fraction))
    }
}
