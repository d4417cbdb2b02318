/// A clock whose sleeps end only by cancellation.
package struct EndlessClock: Clock {
    package typealias Instant = ContinuousClock.Instant

    package init() {}

    package var now: Instant { .now }
    package var minimumResolution: Duration { .zero }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        for await _ in AsyncStream.makeStream(of: Never.self).stream {}
        try Task.checkCancellation()
    }
}
