/// Counts the items of a request while it is decoded. Decoding stops at the first excess, so rejecting a request costs no more than
/// reading up to that point.
package struct SpanBudget {
    private let limits: SpanLimits
    private let nodes: Int
    private var nodesLeft: Int
    private var spansLeft: Int
    private let reserve: (Int) -> Bool

    /// How many nodes one memory reservation covers.
    private static let nodesPerReservation = 4096

    /// - Parameters:
    ///   - nodes: the maximum number of spans, attributes, values, events and links in total.
    ///   - reserve: reserves this many more bytes of memory, and returns whether it succeeded.
    package init(_ limits: SpanLimits, nodes: Int, reserve: @escaping (Int) -> Bool = { _ in true }) {
        self.limits = limits
        self.nodes = nodes
        self.reserve = reserve
        nodesLeft = nodes
        spansLeft = limits.spans
    }

    /// Counts a span, an attribute, a value, an event, a link or an enclosing message.
    package mutating func spend() throws(OTLPError) {
        nodesLeft -= 1
        guard nodesLeft >= 0 else { throw .requestTooLarge("more than \(nodes) attributes and values") }
        guard (nodes - nodesLeft) % Self.nodesPerReservation == 0 else { return }
        guard reserve(Self.nodesPerReservation * JSONLimits.bytesPerNode) else { throw .outOfMemory }
    }

    /// Counts a span.
    package mutating func spendSpan() throws(OTLPError) {
        try spend()
        spansLeft -= 1
        guard spansLeft >= 0 else { throw .requestTooLarge("more than \(limits.spans) spans") }
    }

    // MARK: One span

    package func checkAttributes(_ count: Int) throws(OTLPError) { try check(count, limits.attributes, "attributes") }

    package func checkEvents(_ count: Int) throws(OTLPError) { try check(count, limits.events, "events") }

    package func checkLinks(_ count: Int) throws(OTLPError) { try check(count, limits.links, "links") }

    private func check(_ count: Int, _ limit: Int, _ name: String) throws(OTLPError) {
        guard count <= limit else { throw .spanTooLarge("more than \(limit) \(name) in one span") }
    }
}
