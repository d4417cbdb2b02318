import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// Readiness checks that may hang.
@Suite struct SingleFlightProbeTests {
    private struct Failure: Error, Equatable {}

    @Test func `The probe returns the result of the check`() async throws {
        try await SingleFlightProbe(timeout: .seconds(10)) {}.run()
        await #expect(throws: Failure.self) { try await SingleFlightProbe(timeout: .seconds(10)) { throw Failure() }.run() }
    }

    @Test func `A hanging check times out and runs once for all callers`() async throws {
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

    @Test func `The check runs again for each call after it has finished`() async throws {
        let runs = Atomic(0)
        let probe = SingleFlightProbe(timeout: .seconds(10)) { runs.wrappingAdd(1, ordering: .relaxed) }
        for _ in 0..<3 { try await probe.run() }
        #expect(runs.load(ordering: .relaxed) == 3)
    }
}
