internal import NIOCore

/// The idle timeout and the total timeout of an exchange.
struct UpstreamTimeouts {
    struct Limits: Sendable {
        var idle: TimeAmount
        var total: TimeAmount
    }

    private var limits = Limits(idle: .seconds(60), total: .seconds(60))
    private var end = NIODeadline.distantFuture
    private var lastActivity = NIODeadline.now()

    init() {}

    init(_ limits: Limits, now: NIODeadline) {
        self.limits = limits
        end = now + limits.total
        lastActivity = now
    }

    /// Records activity, which restarts the idle timeout.
    mutating func touch(now: NIODeadline) { lastActivity = now }

    /// The deadline of the next timeout check.
    func nextCheck(now: NIODeadline) -> NIODeadline { min(end, max(lastActivity + limits.idle, now + .milliseconds(5))) }

    /// The timeout that has expired, if any.
    ///
    /// - Parameter isWaiting: whether the gateway waits for the provider; a slow client doesn't count towards the idle timeout.
    mutating func failure(now: NIODeadline, isWaiting: Bool) -> UpstreamFailure? {
        if now >= end { return .totalTimeout }
        if !isWaiting { lastActivity = now }
        return now >= lastActivity + limits.idle ? .idleTimeout : nil
    }
}
