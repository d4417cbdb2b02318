internal import ArgumentParser
internal import ServiceKit
internal import Tracking

/// The flags for what a request of spans may have.
struct SpanLimitOptions: ParsableArguments {
    @Option(help: "Spans in a request at most; a request with more is refused (default: 100000). [UNLADEN_MAX_REQUEST_SPANS]")
    var maxRequestSpans: Int?

    @Option(
        help: """
            Attributes of a span, and of each of its events and links, at most. A span with more is rejected, and the others of its \
            request are kept (default: 4096). [UNLADEN_MAX_SPAN_ATTRIBUTES]
            """)
    var maxSpanAttributes: Int?

    @Option(help: "Events of a span at most, as for attributes (default: 4096). [UNLADEN_MAX_SPAN_EVENTS]")
    var maxSpanEvents: Int?

    @Option(help: "Links of a span at most, as for attributes (default: 4096). [UNLADEN_MAX_SPAN_LINKS]")
    var maxSpanLinks: Int?

    mutating func validate() throws {
        do { _ = try limits() } catch { throw ValidationError("\(error)") }
    }

    /// The limits that the flags and the environment ask for.
    func limits() throws -> SpanLimits {
        let (standard, range) = (SpanLimits.standard, 1...(1 << 40))
        return SpanLimits(
            spans: try LimitFlag.value("max-request-spans", maxRequestSpans, range, default: standard.spans),
            attributes: try LimitFlag.value("max-span-attributes", maxSpanAttributes, range, default: standard.attributes),
            events: try LimitFlag.value("max-span-events", maxSpanEvents, range, default: standard.events),
            links: try LimitFlag.value("max-span-links", maxSpanLinks, range, default: standard.links))
    }
}
