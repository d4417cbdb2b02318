package import NIOCore

/// How long a client may keep a connection waiting.
package struct ConnectionTimeouts: Sendable {
    /// From the first byte of a request to the end of its header.
    package var header = TimeAmount.seconds(30)
    /// The span over which a body must come at `minimumBodyRate` on average. Time in which the service itself doesn't read isn't counted.
    package var body = TimeAmount.seconds(30)
    /// Without a request, from the start of the connection or from the end of the last response.
    package var keepAlive = TimeAmount.seconds(75)
    /// Without taking any byte of a response that waits to be sent. The kernel reports only when a large piece has been taken.
    package var write = TimeAmount.minutes(2)
    /// Bytes a second. The same floor as Kestrel's `MinRequestBodyDataRate`: far below any working network.
    package var minimumBodyRate = 240

    package init() {}

    /// The bytes that must come within `body`.
    fileprivate var minimumBodyBytes: Int {
        let seconds = Double(body.nanoseconds) / 1e9
        return max(1, Int(Double(minimumBodyRate) * seconds))
    }
}

/// Tells when a connection has waited too long for its client. A pure value: the connection reports what happens, asks at each
/// `deadline`, and acts on what `check` says.
struct ConnectionDeadlines {
    /// What the client owes.
    enum Awaited: Equatable {
        /// Nothing: the service is at work.
        case nothing
        /// The next request.
        case request
        /// The rest of a header of which something has come.
        case header
        /// More of a body.
        case body
        /// To take what waits to be sent.
        case writability
    }

    private let timeouts: ConnectionTimeouts
    private(set) var awaited = Awaited.nothing
    /// When the client must have delivered, or its progress is judged; `distantFuture` if it owes nothing.
    private var readDeadline = NIODeadline.distantFuture
    /// Bytes of the body since the last judgement.
    private var received = 0
    private var writeDeadline = NIODeadline.distantFuture
    /// Bytes that waited to be sent when that was last judged.
    private var unsent = 0

    init(_ timeouts: ConnectionTimeouts) {
        self.timeouts = timeouts
    }

    /// The time at which `check` has something to say; `distantFuture` if only an event can change that.
    var deadline: NIODeadline { min(readDeadline, writeDeadline) }

    /// The client owes something else than before.
    mutating func wait(for awaited: Awaited, now: NIODeadline) {
        self.awaited = awaited
        received = 0
        switch awaited {
        case .nothing, .writability: readDeadline = .distantFuture
        case .request: readDeadline = now + timeouts.keepAlive
        case .header: readDeadline = now + timeouts.header
        case .body: readDeadline = now + timeouts.body
        }
    }

    /// Bytes of a body have come.
    mutating func receive(_ count: Int) { received &+= count }

    /// The connection takes what the client sends again, which has a full span for its body from now on.
    mutating func resumeReading(now: NIODeadline) {
        guard awaited == .body else { return }
        received = 0
        readDeadline = now + timeouts.body
    }

    /// More waits to be sent than a client should leave.
    mutating func startWriteTimeout(unsent: Int, now: NIODeadline) {
        guard writeDeadline == .distantFuture else { return }
        self.unsent = unsent
        writeDeadline = now + timeouts.write
    }

    /// The client has taken most of what waited.
    mutating func cancelWriteTimeout() { writeDeadline = .distantFuture }

    /// Judges the client's progress.
    ///
    /// - Parameters:
    ///   - isReading: whether the connection takes what the client sends; otherwise it can't be blamed for sending nothing.
    ///   - unsent: bytes that wait to be sent.
    /// - Returns: what has been waited for in vain, `nothing` if all is well.
    mutating func check(now: NIODeadline, isReading: Bool, unsent: Int) -> Awaited {
        if now >= writeDeadline {
            guard unsent < self.unsent else { return .writability }
            self.unsent = unsent
            writeDeadline = now + timeouts.write
        }
        guard now >= readDeadline else { return .nothing }
        guard awaited == .body, received >= timeouts.minimumBodyBytes || !isReading else { return awaited }
        received = 0
        readDeadline = now + timeouts.body
        return .nothing
    }
}
