internal import NIOCore

/// Closes a connection gracefully: sends the pending output, closes the write side, and gives the client time to read and close its side.
/// Closing both sides while the client still sends would reset the connection, and the client could lose the response.
final class LingeringClose: @unchecked Sendable {
    // `@unchecked`: all state is confined to the event loop.

    /// How long a client may read none of the output. The kernel reports progress only in large steps.
    private static let writeTimeout = TimeAmount.minutes(2)
    /// How long a client may be silent after everything has been sent.
    private static let silenceTimeout = TimeAmount.seconds(2)
    /// How long a client may continue to send.
    private static let maxDuration = TimeAmount.seconds(30)
    /// How many unused bytes a client may send before the connection is closed.
    static let maxDiscardedBytes = 1 << 30

    private let responseWriter: HTTPResponseWriter
    private var channel: any Channel { responseWriter.channel }
    /// Whether the client won't send anything more.
    private var isInputClosed: Bool
    private var isSent = false
    private var discarded = 0
    /// The number of unsent or discarded bytes at the last check.
    private var lastProgress = 0
    private var timer: Scheduled<Void>?
    private var end = NIODeadline.distantFuture

    /// - Parameter isInputClosed: whether the client has closed its side, or sends nothing.
    init(_ responseWriter: HTTPResponseWriter, isInputClosed: Bool) {
        self.responseWriter = responseWriter
        self.isInputClosed = isInputClosed
        lastProgress = responseWriter.unsentBytes
        responseWriter.whenSent { self.sent() }
        // Runs after the flushes of this tick, which usually send all pending output.
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

    /// Counts bytes from the client that are discarded.
    func discard(_ count: Int) {
        discarded += count
        if discarded > Self.maxDiscardedBytes { close() }
    }

    /// Records that the client has closed its side.
    func inputClosed() {
        isInputClosed = true
        if isSent { close() }
    }

    private func close() { channel.close(promise: nil) }

    /// Records that the connection is closed.
    func channelInactive() {
        timer?.cancel()
        timer = nil
    }
}
