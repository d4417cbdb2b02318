internal import ServiceKit

/// The span of a client's request, with the IDs of the spans of its attempts.
struct RequestSpan: Sendable, Equatable {
    /// The client's span and trace; `nil` if the client sent none and the trace begins here.
    let parent: TraceContext?
    let traceID: UInt128
    let id: UInt64

    init(_ random: RandomSource, parent: TraceContext? = nil) {
        self.parent = parent
        // A fixed bit, so that it can't be zero.
        traceID = parent?.traceID ?? UInt128(random.next() | 1 << 63) << 64 | UInt128(random.next())
        // Two fixed bits, so that this ID and those that follow can neither be zero nor overflow.
        id = random.next() & .max >> 2 | 1 << 63
    }

    /// The ID of the span of an attempt.
    ///
    /// - Parameter number: from 1.
    func attemptID(_ number: Int) -> UInt64 { id + UInt64(number) }

    /// The `traceparent` of an attempt's request to a provider; `nil` if the client sent none.
    ///
    /// - Parameter isRecorded: whether the gateway exports the request's spans.
    func traceparent(ofAttempt number: Int, isRecorded: Bool) -> String? {
        guard let parent else { return nil }
        let flags = isRecorded ? parent.flags.union(.sampled) : parent.flags
        return TraceContext(traceID: traceID, parentID: attemptID(number), flags: flags).traceparent
    }
}
