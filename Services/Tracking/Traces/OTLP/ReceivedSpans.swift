/// The spans of a request.
struct ReceivedSpans: Sendable, Equatable {
    var groups: [ResourceSpans] = []
    /// How many spans were left out because they exceed a limit: `rejected_spans` of the response.
    var rejected = 0
    /// The limit that the first of them exceeds.
    var reason: String?
}
