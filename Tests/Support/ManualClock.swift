internal import Synchronization

/// A clock that stands still until a test advances it.
package final class ManualClock: Clock, Sendable {
    package struct Instant: InstantProtocol {
        fileprivate var offset = Duration.zero

        package func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        package func duration(to other: Instant) -> Duration { other.offset - offset }
        package static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant()
        var lastID = 0
        var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var observers: [(count: Int, continuation: CheckedContinuation<[Duration], Never>)] = []

        /// The remaining pauses of all sleeping tasks, shortest first.
        var pauses: [Duration] { sleepers.values.map { now.duration(to: $0.deadline) }.sorted() }
    }

    private let state = Mutex(State())

    package init() {}

    package var now: Instant { state.withLock { $0.now } }
    package var minimumResolution: Duration { .zero }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let immediate: Result<Void, any Error>? = state.withLock { state in
                    // If the task was already cancelled, its handler has already run.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = (deadline, continuation)
                    return nil
                }
                if let immediate { return continuation.resume(with: immediate) }
                notifyObservers()
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Advances the time, and wakes the tasks whose pauses end.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Waits until a number of tasks are sleeping.
    ///
    /// - Returns: the remaining pauses of all sleeping tasks, shortest first.
    @discardableResult
    package func sleepers(_ count: Int = 1) async -> [Duration] {
        await withCheckedContinuation { continuation in
            state.withLock { $0.observers.append((count, continuation)) }
            notifyObservers()
        }
    }

    private func notifyObservers() {
        let (satisfied, pauses) = state.withLock { state in
            let satisfied = state.observers.filter { $0.count <= state.sleepers.count }
            state.observers.removeAll { $0.count <= state.sleepers.count }
            return (satisfied, state.pauses)
        }
        for observer in satisfied { observer.continuation.resume(returning: pauses) }
    }
}
