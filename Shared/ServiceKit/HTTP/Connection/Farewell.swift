internal import NIOCore

/// The end of a connection from which no other request is taken: what has been written is sent, then our side is closed, and the
/// client gets time to see it. To close both sides at once, while the client still sends, would take from it what it was told.
final class Farewell: @unchecked Sendable {
    // `@unchecked`: everything happens on the event loop.

    /// How long a client may take nothing of what is sent to it. The kernel tells only of a large piece that was taken.
    private static let patience = TimeAmount.minutes(2)
    /// How long a client that has been sent everything may be silent.
    private static let linger = TimeAmount.seconds(2)
    /// How long it may go on to send.
    private static let longestLinger = TimeAmount.seconds(30)
    /// How much a client may send that nobody wants, before it is cut off.
    static let mostDropped = 1 << 30

    private let answers: AnswerWriter
    private var channel: any Channel { answers.channel }
    /// Whether the client has nothing more to send.
    private var isClientDone: Bool
    private var isSent = false
    private var dropped = 0
    /// What the client had not taken, or what it had sent, when it was last looked at.
    private var seen = 0
    private var timer: Scheduled<Void>?
    private var end = NIODeadline.distantFuture

    /// - Parameter isClientDone: whether the client has closed its side, or sends nothing.
    init(_ answers: AnswerWriter, isClientDone: Bool) {
        self.answers = answers
        self.isClientDone = isClientDone
        seen = answers.unsentBytes
        answers.whenSent { self.sent() }
        // Behind the sends of this turn, as a rule all that was left.
        channel.eventLoop.execute { [self] in
            if !isSent, channel.isActive { wait(Self.patience) }
        }
    }

    private func sent() {
        isSent = true
        guard channel.isActive, !isClientDone else { return close() }
        channel.close(mode: .output, promise: nil)
        seen = dropped
        end = .now() + Self.longestLinger
        wait(Self.linger)
    }

    private func wait(_ time: TimeAmount) {
        timer?.cancel()
        timer = channel.eventLoop.assumeIsolated().scheduleTask(in: time) { self.look() }
    }

    private func look() {
        let now = isSent ? dropped : answers.unsentBytes
        guard now != seen, .now() < end else { return close() }
        seen = now
        wait(isSent ? Self.linger : Self.patience)
    }

    /// The client has sent what nobody wants.
    func drop(_ count: Int) {
        dropped += count
        if dropped > Self.mostDropped { close() }
    }

    /// The client has closed its side.
    func clientIsDone() {
        isClientDone = true
        if isSent { close() }
    }

    private func close() { channel.close(promise: nil) }

    /// The connection has ended.
    func channelInactive() {
        timer?.cancel()
        timer = nil
    }
}
