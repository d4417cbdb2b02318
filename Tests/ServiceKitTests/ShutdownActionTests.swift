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

    private struct Worker: ServiceLifecycle.Service {
        let events: Events

        func run() async throws {
            try await gracefulShutdown()
            events.add("stopped")
        }
    }

    @Test func `Actions run at the shutdown, each after the services that follow it`() async throws {
        let events = Events()
        let closing = ["database", "client"].map { name in ShutdownAction { events.add(name) } }
        try await withServices(closing as [any ServiceLifecycle.Service] + [Worker(events: events)]) { events.add("work") }
        #expect(events.all.withLock { $0 } == ["work", "stopped", "client", "database"])
    }

    @Test func `Nothing is closed when the group is cancelled, because other services may still use it`() async {
        let events = Events()
        let task = Task { await ShutdownAction { events.add("closed") }.run() }
        task.cancel()
        await task.value
        #expect(events.all.withLock { $0 } == [])
    }
}
