internal import NIOCore

/// How long an exchange may be silent and how long it may take.
struct UpstreamPatience {
    struct Limits: Sendable {
        var silence: TimeAmount
        var total: TimeAmount
    }

    private var limits = Limits(silence: .seconds(60), total: .seconds(60))
    private var end = NIODeadline.distantFuture
    private var lastSign = NIODeadline.now()

    init() {}

    init(_ limits: Limits, now: NIODeadline) {
        self.limits = limits
        end = now + limits.total
        lastSign = now
    }

    mutating func touch(now: NIODeadline) { lastSign = now }

    /// When to look again.
    func next(now: NIODeadline) -> NIODeadline { min(end, max(lastSign + limits.silence, now + .milliseconds(5))) }

    /// - Parameter isWaiting: whether something is expected of the provider; it isn't to blame for a client that reads slowly.
    mutating func verdict(now: NIODeadline, isWaiting: Bool) -> UpstreamFailure? {
        if now >= end { return .totalTimeout }
        if !isWaiting { lastSign = now }
        return now >= lastSign + limits.silence ? .silent : nil
    }
}
