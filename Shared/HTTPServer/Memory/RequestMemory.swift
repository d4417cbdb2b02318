internal import Synchronization
package import WireProtocol

/// The memory that all requests in flight may use together.
///
/// Only memory that grows with a request's size counts: its collected body, the values parsed from it, and a long response until the
/// client has read it. A request for which no memory is left is rejected with 503 and `Retry-After`, one that alone exceeds the budget
/// with 400.
package final class MemoryBudget: Sendable {
    /// The budget in bytes.
    package let limit: Int
    private let reserved = Atomic(0)
    private let rejected = Atomic(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// The currently reserved bytes.
    package var used: Int { reserved.load(ordering: .relaxed) }

    /// The number of requests that were rejected because no memory was left.
    package var rejections: Int { rejected.load(ordering: .relaxed) }

    fileprivate func reserve(_ count: Int) -> Bool {
        guard reserved.wrappingAdd(count, ordering: .relaxed).newValue > limit else { return true }
        reserved.wrappingSubtract(count, ordering: .relaxed)
        rejected.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    fileprivate func release(_ count: Int) { reserved.wrappingSubtract(count, ordering: .relaxed) }
}

/// The memory reserved by one request. All of it is released when the request ends.
package final class RequestMemory: Sendable {
    /// The memory of the request that the current task handles; `nil` without a connection.
    @TaskLocal package static var current: RequestMemory?

    /// Reserves `count` more bytes for the request that the current task handles, if it handles one.
    ///
    /// - Throws: the errors of `reserve`.
    package static func reserveForCurrentRequest(_ count: Int) throws { try current?.reserve(count) }

    private let budget: MemoryBudget
    private let reserved = Atomic(0)
    private let exceedsBudget = Atomic(false)

    package init(of budget: MemoryBudget) {
        self.budget = budget
    }

    /// The error for a request for which no memory is left: 503 with `Retry-After`.
    package static var exhausted: ServiceError {
        .unavailable(
            "The service has no memory left for this request. Please try again.",
            cause: Rejection(description: "the memory budget of all requests is used up"))
    }

    /// The cause of the errors of `reserve`, which tells them from errors of other services.
    package struct Rejection: Error, CustomStringConvertible {
        package let description: String
    }

    deinit { releaseAll() }

    /// Reserves `count` more bytes.
    ///
    /// - Throws: `ServiceError`: 503 with `Retry-After` when no memory is left, 400 when the request alone exceeds the budget.
    package func reserve(_ count: Int) throws {
        guard reserved.load(ordering: .relaxed) + count <= budget.limit else {
            exceedsBudget.store(true, ordering: .relaxed)
            throw rejection
        }
        guard budget.reserve(count) else { throw rejection }
        reserved.wrappingAdd(count, ordering: .relaxed)
    }

    /// The error of the last call of `reserve`, for code that can't propagate it.
    package var rejection: ServiceError {
        guard exceedsBudget.load(ordering: .relaxed) else { return Self.exhausted }
        return ServiceError(
            .invalidParameterValue,
            "The request needs more memory than the service's limit of \(budget.limit) bytes for all requests. "
                + "Split it into smaller requests.", cause: Rejection(description: "the request exceeds the memory budget alone"))
    }

    /// Changes the reservation to `count` bytes. Since it reuses the request's own memory, a response as large as its request always fits.
    ///
    /// - Throws: the errors of `reserve`.
    func resize(to count: Int) throws {
        let reserved = reserved.load(ordering: .relaxed)
        if reserved < count { try reserve(count - reserved) } else { release(reserved - count) }
    }

    /// Releases `count` bytes before the request ends.
    package func release(_ count: Int) {
        reserved.wrappingSubtract(count, ordering: .relaxed)
        budget.release(count)
    }

    /// Releases all memory of the request.
    func releaseAll() {
        let count = reserved.exchange(0, ordering: .relaxed)
        guard count != 0 else { return }
        budget.release(count)
        MallocTuning.trimAfterRequest(size: count)
    }
}
