import ServiceKit
import Testing

@Suite struct WithCleanupTests {
    private struct Failure: Error {}

    @Test func `The cleanup follows the body, also if the body throws`() async throws {
        var events: [String] = []
        let result = try await withCleanup {
            events.append("body")
            return 1
        } cleanup: {
            events.append("cleanup")
        }
        #expect(result == 1)
        #expect(events == ["body", "cleanup"])
        await #expect(throws: Failure.self) {
            try await withCleanup {
                throw Failure()
            } cleanup: {
                events.append("cleanup after an error")
            }
        }
        #expect(events.last == "cleanup after an error")
    }
}
