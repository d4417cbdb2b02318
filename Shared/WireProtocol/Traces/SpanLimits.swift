/// Limits on a request's spans and on the parts of one span. By default, OpenTelemetry's SDKs limit a span to 128 attributes,
/// events and links each (opentelemetry.io/docs/specs/otel/common, Attribute Limits).
package struct SpanLimits: Sendable, Hashable {
    /// The maximum number of spans in a request.
    package var spans: Int
    /// The maximum number of attributes of a span, an event, a link or a resource.
    package var attributes: Int
    /// The maximum number of events of a span.
    package var events: Int
    /// The maximum number of links of a span.
    package var links: Int

    /// Creates limits; the defaults are far above those of OpenTelemetry's SDKs.
    package init(spans: Int = 100_000, attributes: Int = 4_096, events: Int = 4_096, links: Int = 4_096) {
        self.spans = spans
        self.attributes = attributes
        self.events = events
        self.links = links
    }

    /// The default limits.
    package static let standard = SpanLimits()

    /// No limits, for the spans of our own services.
    static let unlimited = SpanLimits(spans: .max, attributes: .max, events: .max, links: .max)
}
