/// How many spans a request may have, and what one span may have. OpenTelemetry's SDKs stop at 128 attributes, events and links of a
/// span (opentelemetry.io/docs/specs/otel/common, Attribute Limits) unless they are told otherwise.
package struct SpanLimits: Sendable, Hashable {
    /// Spans in a request.
    package var spans: Int
    /// Attributes of a span, an event, a link or a resource.
    package var attributes: Int
    /// Events of a span.
    package var events: Int
    /// Links of a span.
    package var links: Int

    package init(spans: Int = 100_000, attributes: Int = 4_096, events: Int = 4_096, links: Int = 4_096) {
        self.spans = spans
        self.attributes = attributes
        self.events = events
        self.links = links
    }

    package static let standard = SpanLimits()
}
