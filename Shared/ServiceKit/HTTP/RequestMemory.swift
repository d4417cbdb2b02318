internal import Synchronization
package import WireProtocol

/// The memory that the requests under way in a service may take in all.
///
/// What counts is what grows with the size of a request: its collected body, the values read from that, and a long response until the
/// client has taken it. A request for which there is no room is refused with 503 and `Retry-After`.
package final class MemoryBudget: Sendable {
    /// Bytes at most.
    package let limit: Int
    private let taken = Atomic(0)
    private let refusals = Atomic(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are reserved now.
    package var used: Int { taken.load(ordering: .relaxed) }

    fileprivate func take(_ count: Int) -> Bool {
        guard taken.wrappingAdd(count, ordering: .relaxed).newValue > limit else { return true }
        taken.wrappingSubtract(count, ordering: .relaxed)
        refusals.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    fileprivate func giveBack(_ count: Int) { taken.wrappingSubtract(count, ordering: .relaxed) }

    func write(to text: inout PrometheusText) {
        text.metric("unladen_request_memory_bytes", .gauge, "Memory reserved by the requests under way.")
        text.sample(Double(used))
        text.metric("unladen_request_memory_limit_bytes", .gauge, "Memory that the requests under way may reserve.")
        text.sample(Double(limit))
        text.metric("unladen_request_memory_refusals_total", .counter, "Requests refused because no memory was left.")
        text.sample(Double(refusals.load(ordering: .relaxed)))
    }
}

/// What one request has reserved of a service's memory. Everything is given back when the request is over.
package final class RequestMemory: Sendable {
    /// That of the request which the current task handles; `nil` without a connection.
    @TaskLocal package static var current: RequestMemory?

    private let budget: MemoryBudget
    private let held = Atomic(0)
    private let needsTooMuch = Atomic(false)

    package init(of budget: MemoryBudget) {
        self.budget = budget
    }

    /// Why a request is refused for which no memory is left: 503 with `Retry-After`.
    package static var exhausted: ServiceError {
        .unavailable("The service has no memory left for this request at the moment. Please try again.")
    }

    deinit { releaseAll() }

    /// Reserves `count` bytes more.
    ///
    /// - Throws: `ServiceError`: 503 with `Retry-After` when no room is left, 400 when the request alone needs more than there is.
    package func reserve(_ count: Int) throws {
        guard held.load(ordering: .relaxed) + count <= budget.limit else {
            needsTooMuch.store(true, ordering: .relaxed)
            throw refusal
        }
        guard budget.take(count) else { throw refusal }
        held.wrappingAdd(count, ordering: .relaxed)
    }

    /// Why the last call of `reserve` failed, for code that couldn't pass its error on.
    package var refusal: ServiceError {
        guard needsTooMuch.load(ordering: .relaxed) else { return Self.exhausted }
        return .invalidParameter(
            "The request needs more than the \(budget.limit) bytes of memory that this service has for requests. "
                + "Please ask for less at once.")
    }

    /// Gives back what is held, but for `count` bytes, or reserves more if less is held. So an answer that repeats its request always
    /// finds room.
    ///
    /// - Throws: as `reserve`.
    func exchange(for count: Int) throws {
        let held = held.load(ordering: .relaxed)
        if held < count { try reserve(count - held) } else { release(held - count) }
    }

    /// Gives `count` bytes back before the request is over.
    package func release(_ count: Int) {
        held.wrappingSubtract(count, ordering: .relaxed)
        budget.giveBack(count)
    }

    /// Gives everything back.
    func releaseAll() {
        let count = held.exchange(0, ordering: .relaxed)
        guard count != 0 else { return }
        budget.giveBack(count)
        LargeAllocations.requestEnded(size: count)
    }
}
