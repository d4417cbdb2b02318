internal import NIOCore

/// How long an exchange may be silent and how long it may take.
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

    mutating func touch(now: NIODeadline) { lastActivity = now }

    /// When to look again.
    func nextCheck(now: NIODeadline) -> NIODeadline { min(end, max(lastActivity + limits.idle, now + .milliseconds(5))) }

    /// - Parameter isWaiting: whether something is expected of the provider; it isn't to blame for a client that reads slowly.
    mutating func failure(now: NIODeadline, isWaiting: Bool) -> UpstreamFailure? {
        if now >= end { return .totalTimeout }
        if !isWaiting { lastActivity = now }
        return now >= lastActivity + limits.idle ? .idleTimeout : nil
    }
}
