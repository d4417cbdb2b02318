/// The spans of a request that are within the limits.
package struct ReceivedSpans: Sendable, Equatable {
    package var groups: [ResourceSpans] = []
    /// The number of spans that exceed a limit and were omitted: `rejected_spans` of the response.
    package var rejected = 0
    /// The limit that the first of them exceeds.
    package var reason: String?

    package init() {}

    /// Reads an `ExportTraceServiceRequest`. The JSON parser has already bounded the number of values. A span that exceeds a limit is
    /// omitted and counted.
    ///
    /// - Throws: `OTLPError` for a request that exceeds a limit, `ServiceError` for an invalid value.
    package init(_ body: JSONValue, limits: SpanLimits = .standard) throws {
        var budget = SpanBudget(limits, nodes: .max)
        let decoder = SpanDecoder(ids: .hexadecimal, budget: budget)
        for group in try SpanDecoder.list(body, "resourceSpans", "resource_spans") {
            var spans = ResourceSpans()
            do {
                spans.resource = try decoder.attributes(of: group["resource"] ?? .null)
            } catch OTLPError.spanTooLarge {
                throw OTLPError.requestTooLarge("too many attributes in a resource")
            }
            for scope in try SpanDecoder.list(group, "scopeSpans", "scope_spans") {
                for span in try SpanDecoder.list(scope, "spans") {
                    try budget.spendSpan()
                    do {
                        spans.spans.append(try decoder.span(span))
                    } catch OTLPError.spanTooLarge(let reason) {
                        reject(reason)
                    }
                }
            }
            groups.append(spans)
        }
    }

    /// Counts a span that exceeds a limit.
    package mutating func reject(_ limit: String) {
        rejected += 1
        reason = reason ?? limit
    }
}
