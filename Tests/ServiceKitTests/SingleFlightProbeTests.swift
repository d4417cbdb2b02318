import Synchronization
import Testing

@testable import ServiceKit

/// Checks of readiness that may hang.
@Suite struct SingleFlightProbeTests {
    private struct Failure: Error, Equatable {}

    @Test func `A check's outcome is the probe's`() async throws {
        try await SingleFlightProbe(timeout: .seconds(10)) {}.run()
        await #expect(throws: Failure.self) { try await SingleFlightProbe(timeout: .seconds(10)) { throw Failure() }.run() }
    }

    @Test func `A check that hangs fails its callers in time, and runs once for all of them`() async throws {
        let gate = Gate()
        let runs = Atomic(0)
        let probe = SingleFlightProbe(timeout: .milliseconds(50)) {
            runs.wrappingAdd(1, ordering: .relaxed)
            await gate.wait()
        }
        await withTaskGroup { group in
            for _ in 0..<10 {
                group.addTask { await #expect(throws: SingleFlightProbe.TimeoutError.self) { try await probe.run() } }
            }
        }
        #expect(runs.load(ordering: .relaxed) == 1)
        gate.remove()
    }

    @Test func `A check runs anew for each caller that comes after its end`() async throws {
        let runs = Atomic(0)
        let probe = SingleFlightProbe(timeout: .seconds(10)) { runs.wrappingAdd(1, ordering: .relaxed) }
        for _ in 0..<3 { try await probe.run() }
        #expect(runs.load(ordering: .relaxed) == 3)
    }
}
