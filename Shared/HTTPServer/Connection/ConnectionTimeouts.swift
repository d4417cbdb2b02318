package import NIOCore

/// How long a client may keep a connection waiting.
package struct ConnectionTimeouts: Sendable {
    /// From the first byte of a request to the end of its header.
    package var header = TimeAmount.seconds(30)
    /// The period over which a body must arrive at `minimumBodyRate` on average. Time in which the service doesn't read isn't counted.
    package var body = TimeAmount.seconds(30)
    /// Without a request, from the start of the connection or from the end of the last response.
    package var keepAlive = TimeAmount.seconds(75)
    /// Without reading any byte of a pending response. The kernel reports progress only in large steps.
    package var write = TimeAmount.minutes(2)
    /// The minimum rate of a body in bytes per second. The default is that of Kestrel's `MinRequestBodyDataRate`, far below any working
    /// network.
    package var minimumBodyRate = 240

    package init() {}

    /// The bytes that must arrive within `body`.
    fileprivate var minimumBodyBytes: Int {
        let seconds = Double(body.nanoseconds) / 1e9
        return max(1, Int(Double(minimumBodyRate) * seconds))
    }
}

/// Decides when a connection has waited too long for its client. A pure value: the connection reports events, calls `check` at each
/// `deadline`, and acts on the result.
struct ConnectionDeadlines {
    /// What the connection waits for.
    enum Awaited: Equatable {
        /// Nothing: the service is busy.
        case nothing
        /// The next request.
        case request
        /// The rest of a header that has partly arrived.
        case header
        /// More of a body.
        case body
        /// That the client reads pending output.
        case writability
    }

    private let timeouts: ConnectionTimeouts
    private(set) var awaited = Awaited.nothing
    /// When the awaited input is due or the body's progress is checked; `distantFuture` if none is awaited.
    private var readDeadline = NIODeadline.distantFuture
    /// Bytes of the body received since the last check.
    private var received = 0
    private var writeDeadline = NIODeadline.distantFuture
    /// Bytes of pending output at the last check.
    private var unsent = 0

    init(_ timeouts: ConnectionTimeouts) {
        self.timeouts = timeouts
    }

    /// When to call `check` next; `distantFuture` if nothing can time out until the next event.
    var deadline: NIODeadline { min(readDeadline, writeDeadline) }

    /// Records that the connection now waits for something else.
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

    /// Records received bytes of a body.
    mutating func receive(_ count: Int) { received &+= count }

    /// Records that the connection reads again: the period for the body restarts.
    mutating func resumeReading(now: NIODeadline) {
        guard awaited == .body else { return }
        received = 0
        readDeadline = now + timeouts.body
    }

    /// Records that the connection is no longer writable.
    mutating func startWriteTimeout(unsent: Int, now: NIODeadline) {
        guard writeDeadline == .distantFuture else { return }
        self.unsent = unsent
        writeDeadline = now + timeouts.write
    }

    /// Records that the connection is writable again.
    mutating func cancelWriteTimeout() { writeDeadline = .distantFuture }

    /// Checks the client's progress.
    ///
    /// - Parameters:
    ///   - isReading: whether the connection reads from the client; otherwise the client isn't expected to send anything.
    ///   - unsent: bytes of pending output.
    /// - Returns: what timed out; `nothing` if nothing did.
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
