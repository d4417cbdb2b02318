internal import Foundation
package import Logging
internal import Synchronization

/// The state of all services at the moment. Each change goes to the state file; whoever waits for all to be ready is told.
package final class SuiteStateStore: Sendable {
    private let state: Mutex<SuiteState>
    private let file: StateFile
    private let logger: Logger
    private let everyoneReady = Latch()

    package init(_ state: SuiteState, file: StateFile, logger: Logger) {
        self.state = Mutex(state)
        self.file = file
        self.logger = logger
        save(state)
    }

    package var services: [ServiceState] { state.withLock { $0.services } }

    /// Opens when all services are ready for the first time.
    package var allReady: Latch { everyoneReady }

    /// Changes what is known of one service.
    package func update(_ name: String, _ change: (inout ServiceState) -> Void) {
        state.withLock { state in
            guard let index = state.services.firstIndex(where: { $0.name == name }) else { return }
            let before = state.services[index]
            change(&state.services[index])
            guard state.services[index] != before else { return }
            if state.services.allSatisfy({ $0.phase == .ready }) { everyoneReady.open() }
            // Within the lock, so that the file never goes back to an older state.
            save(state)
        }
    }

    private func save(_ state: SuiteState) {
        do {
            try file.write(state)
        } catch {
            logger.warning("can't write the state file", metadata: ["cause": "\(error)"])
        }
    }
}
