import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(5))) struct ShutdownActionTests {
    private final class Events: Sendable {
        let all = Mutex<[String]>([])

        func add(_ event: String) { all.withLock { $0.append(event) } }
    }

    @Test func `Actions run at the shutdown, each after the services that follow it`() async throws {
        let events = Events()
        let actions = ["database", "client"].map { name in ShutdownAction { events.add(name) } }
        try await withServices(actions) { events.add("work") }
        #expect(events.all.withLock { $0 } == ["work", "client", "database"])
    }

    @Test func `The action also runs when the task is cancelled`() async {
        let events = Events()
        let task = Task { await ShutdownAction { events.add("closed") }.run() }
        task.cancel()
        await task.value
        #expect(events.all.withLock { $0 } == ["closed"])
    }
}
