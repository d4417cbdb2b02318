internal import Synchronization
package import WireProtocol

/// The memory that the requests under way in a service may take in all.
///
/// What counts is what grows with the size of a request: its collected body, the values read from that, and a long response until the
/// client has taken it. A request for which there is no room is refused with 503 and `Retry-After`.
package final class MemoryBudget: Sendable {
    /// Bytes at most.
    package let limit: Int
    private let reserved = Atomic(0)
    private let refusals = Atomic(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes that are reserved now.
    package var used: Int { reserved.load(ordering: .relaxed) }

    fileprivate func reserve(_ count: Int) -> Bool {
        guard reserved.wrappingAdd(count, ordering: .relaxed).newValue > limit else { return true }
        reserved.wrappingSubtract(count, ordering: .relaxed)
        refusals.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    fileprivate func release(_ count: Int) { reserved.wrappingSubtract(count, ordering: .relaxed) }

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
    private let reserved = Atomic(0)
    private let exceedsBudget = Atomic(false)

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
        guard reserved.load(ordering: .relaxed) + count <= budget.limit else {
            exceedsBudget.store(true, ordering: .relaxed)
            throw refusal
        }
        guard budget.reserve(count) else { throw refusal }
        reserved.wrappingAdd(count, ordering: .relaxed)
    }

    /// Why the last call of `reserve` failed, for code that couldn't pass its error on.
    package var refusal: ServiceError {
        guard exceedsBudget.load(ordering: .relaxed) else { return Self.exhausted }
        return .invalidParameter(
            "The request needs more than the \(budget.limit) bytes of memory that this service has for requests. "
                + "Please ask for less at once.")
    }

    /// Gives back what is reserved, but for `count` bytes, or reserves more if less is reserved. So a response that repeats its request always
    /// finds room.
    ///
    /// - Throws: as `reserve`.
    func resize(to count: Int) throws {
        let reserved = reserved.load(ordering: .relaxed)
        if reserved < count { try reserve(count - reserved) } else { release(reserved - count) }
    }

    /// Gives `count` bytes back before the request is over.
    package func release(_ count: Int) {
        reserved.wrappingSubtract(count, ordering: .relaxed)
        budget.release(count)
    }

    /// Gives everything back.
    func releaseAll() {
        let count = reserved.exchange(0, ordering: .relaxed)
        guard count != 0 else { return }
        budget.release(count)
        MallocTuning.trimAfterRequest(size: count)
    }
}
