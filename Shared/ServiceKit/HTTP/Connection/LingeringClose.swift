internal import NIOCore

/// The end of a connection from which no other request is taken: what has been written is sent, then our side is closed, and the
/// client gets time to see it. To close both sides at once, while the client still sends, would take from it what it was told.
final class LingeringClose: @unchecked Sendable {
    // `@unchecked`: everything happens on the event loop.

    /// How long a client may take nothing of what is sent to it. The kernel tells only of a large piece that was taken.
    private static let writeTimeout = TimeAmount.minutes(2)
    /// How long a client that has been sent everything may be silent.
    private static let silenceTimeout = TimeAmount.seconds(2)
    /// How long it may go on to send.
    private static let maxDuration = TimeAmount.seconds(30)
    /// How much a client may send that nobody wants, before it is cut off.
    static let maxDiscardedBytes = 1 << 30

    private let responseWriter: HTTPResponseWriter
    private var channel: any Channel { responseWriter.channel }
    /// Whether the client has nothing more to send.
    private var isInputClosed: Bool
    private var isSent = false
    private var discarded = 0
    /// What the client had not taken, or what it had sent, when it was last looked at.
    private var lastProgress = 0
    private var timer: Scheduled<Void>?
    private var end = NIODeadline.distantFuture

    /// - Parameter isInputClosed: whether the client has closed its side, or sends nothing.
    init(_ responseWriter: HTTPResponseWriter, isInputClosed: Bool) {
        self.responseWriter = responseWriter
        self.isInputClosed = isInputClosed
        lastProgress = responseWriter.unsentBytes
        responseWriter.whenSent { self.sent() }
        // Behind the sends of this turn, as a rule all that was left.
        channel.eventLoop.execute { [self] in
            if !isSent, channel.isActive { schedule(Self.writeTimeout) }
        }
    }

    private func sent() {
        isSent = true
        guard channel.isActive, !isInputClosed else { return close() }
        channel.close(mode: .output, promise: nil)
        lastProgress = discarded
        end = .now() + Self.maxDuration
        schedule(Self.silenceTimeout)
    }

    private func schedule(_ time: TimeAmount) {
        timer?.cancel()
        timer = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { self.checkProgress() }
    }

    private func checkProgress() {
        let now = isSent ? discarded : responseWriter.unsentBytes
        guard now != lastProgress, .now() < end else { return close() }
        lastProgress = now
        schedule(isSent ? Self.silenceTimeout : Self.writeTimeout)
    }

    /// The client has sent what nobody wants.
    func discard(_ count: Int) {
        discarded += count
        if discarded > Self.maxDiscardedBytes { close() }
    }

    /// The client has closed its side.
    func inputClosed() {
        isInputClosed = true
        if isSent { close() }
    }

    private func close() { channel.close(promise: nil) }

    /// The connection has ended.
    func channelInactive() {
        timer?.cancel()
        timer = nil
    }
}
