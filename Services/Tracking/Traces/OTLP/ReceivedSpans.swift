/// The decoded spans of a request.
struct ReceivedSpans: Sendable, Equatable {
    var groups: [ResourceSpans] = []
    /// The number of spans that exceed a limit and were omitted: `rejected_spans` of the response.
    var rejected = 0
    /// The limit that the first of them exceeds.
    var reason: String?
}
