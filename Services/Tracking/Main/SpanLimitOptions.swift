internal import ArgumentParser
internal import ServiceKit
internal import Tracking
internal import WireProtocol

/// Options for the limits of requests that upload spans.
struct SpanLimitOptions: ParsableArguments {
    @Option(
        help: "Maximum spans in a request. A request with more is rejected (default: 100000). [UNLADEN_MAX_REQUEST_SPANS]")
    var maxRequestSpans: Int?

    @Option(
        help: """
            Maximum attributes of a span, and of each of its events and links. A span with more is rejected; the other spans of the \
            request are stored (default: 4096). [UNLADEN_MAX_SPAN_ATTRIBUTES]
            """)
    var maxSpanAttributes: Int?

    @Option(help: "Maximum events of a span. A span with more is rejected (default: 4096). [UNLADEN_MAX_SPAN_EVENTS]")
    var maxSpanEvents: Int?

    @Option(help: "Maximum links of a span. A span with more is rejected (default: 4096). [UNLADEN_MAX_SPAN_LINKS]")
    var maxSpanLinks: Int?

    mutating func validate() throws {
        do { _ = try limits() } catch { throw ValidationError("\(error)") }
    }

    /// The limits from flags, environment and defaults, in this order of precedence.
    ///
    /// - Throws: `ConfigurationError` for a value out of range.
    func limits() throws -> SpanLimits {
        let (standard, range) = (SpanLimits.standard, 1...(1 << 40))
        return SpanLimits(
            spans: try LimitFlag.value("max-request-spans", maxRequestSpans, range, default: standard.spans),
            attributes: try LimitFlag.value("max-span-attributes", maxSpanAttributes, range, default: standard.attributes),
            events: try LimitFlag.value("max-span-events", maxSpanEvents, range, default: standard.events),
            links: try LimitFlag.value("max-span-links", maxSpanLinks, range, default: standard.links))
    }
}
