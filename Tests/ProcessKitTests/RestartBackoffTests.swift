import ProcessKit
import Testing

@Suite struct RestartBackoffTests {
    /// The pauses in milliseconds of a backoff with the given random number.
    private func pauses(_ healthy: [Duration], chance number: Double) -> [Duration] {
        var backoff = RestartBackoff(random: { number })
        return healthy.map { backoff.next(healthyFor: $0) }
    }

    @Test func `Each failure doubles the pause, up to ten seconds`() {
        // The middle: no jitter.
        #expect(
            pauses([Duration](repeating: .zero, count: 8), chance: 0.5)
                == [200, 400, 800, 1600, 3200, 6400, 10000, 10000].map { .milliseconds($0) })
    }

    @Test func `Jitter changes a pause by up to a fifth, within its bounds`() {
        #expect(pauses([.zero, .zero], chance: 0) == [.milliseconds(200), .milliseconds(320)])
        #expect(pauses([.zero, .zero], chance: 1) == [.milliseconds(240), .milliseconds(480)])
        #expect(pauses([Duration](repeating: .zero, count: 100), chance: 1).last == .seconds(10))
    }

    @Test func `After a healthy minute, the pauses start over`() {
        #expect(
            pauses([.zero, .zero, .seconds(59), .seconds(60), .zero], chance: 0.5)
                == [200, 400, 800, 200, 400].map { .milliseconds($0) })
    }
}
