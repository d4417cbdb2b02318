package import HTTPTypes
internal import Primitives

/// The trace that a request belongs to, and the client's span in it, from the headers `traceparent` and `tracestate`:
/// https://www.w3.org/TR/trace-context/.
package struct TraceContext: Sendable, Hashable {
    /// The flags that the specification defines; a client's other flags aren't passed on.
    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The client may have recorded its span.
        package static let sampled = Flags(rawValue: 0b01)
        /// At least the last 7 bytes of the trace ID are random (level 2 of the specification).
        package static let random = Flags(rawValue: 0b10)
    }

    /// Not zero.
    package let traceID: UInt128
    /// The ID of the client's span; not zero.
    package let parentID: UInt64
    package let flags: Flags
    /// A valid `tracestate`; `nil` if there is none.
    package let state: String?

    /// - Parameters:
    ///   - traceID: not zero.
    ///   - parentID: not zero.
    package init(traceID: UInt128, parentID: UInt64, flags: Flags, state: String? = nil) {
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
        self.state = state
    }

    /// Returns `nil` if `traceparent` is missing or invalid; an invalid `tracestate` alone is discarded.
    package init?(_ headers: HTTPFields) {
        // The value of a field that is sent twice contains a comma, so it is invalid.
        guard let traceparent = headers[.traceparent] else { return nil }
        self.init(traceparent: traceparent, tracestate: headers[.tracestate])
    }

    /// The number of characters of version 00: `00-TRACE_ID-PARENT_ID-FLAGS`.
    private static let length = 55

    /// Parses the values of the headers.
    ///
    /// A header of a higher version may have further fields after the flags, of which only the sampled flag is known.
    ///
    /// - Returns: `nil` if `traceparent` is invalid.
    package init?(traceparent: String, tracestate: String? = nil) {
        let text = Array(traceparent.utf8.prefix(Self.length + 1))
        let separator = UInt8(ascii: "-")
        guard text.count >= Self.length, [2, 35, 52].allSatisfy({ text[$0] == separator }),
            let version = Hex.number(text[0..<2], allowsUppercase: false), version != 0xFF,
            text.count == Self.length || (version > 0 && text[Self.length] == separator),
            let traceID = Hex.number(text[3..<35], allowsUppercase: false), traceID != 0,
            let parentID = Hex.number(text[36..<52], allowsUppercase: false), parentID != 0,
            let flags = Hex.number(text[53..<55], allowsUppercase: false)
        else { return nil }
        self.init(
            traceID: traceID, parentID: UInt64(truncatingIfNeeded: parentID),
            flags: Flags(rawValue: UInt8(truncatingIfNeeded: flags)).intersection(version == 0 ? [.sampled, .random] : .sampled),
            state: tracestate.flatMap(TraceState.validated))
    }

    /// The value of the header `traceparent`, in version 00.
    package var traceparent: String { "00-\(traceID.hexDigits)-\(parentID.hexDigits)-\(flags.rawValue.hexDigits)" }

    /// The headers that pass the context on to another service of ours.
    package var headers: [(name: String, value: String)] {
        [("traceparent", traceparent)] + (state.map { [("tracestate", $0)] } ?? [])
    }
}

extension HTTPField.Name {
    // The names are valid tokens, so none of them is nil; the fallback only avoids a trap.
    fileprivate static let traceparent = HTTPField.Name("traceparent") ?? .via
    fileprivate static let tracestate = HTTPField.Name("tracestate") ?? .via
}
