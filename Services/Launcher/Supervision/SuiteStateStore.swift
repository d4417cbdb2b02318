internal import Foundation
package import Logging
package import ProcessKit
internal import Synchronization

/// The current state of all services. Writes each change to the state file.
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

    /// The current state of the services.
    package var services: [ServiceState] { state.withLock { $0.services } }

    /// Opens when all services are ready for the first time.
    package var allReady: Latch { everyoneReady }

    /// Updates the state of a service and saves it.
    package func update(_ name: String, _ change: (inout ServiceState) -> Void) {
        state.withLock { state in
            guard let index = state.services.firstIndex(where: { $0.name == name }) else { return }
            let before = state.services[index]
            change(&state.services[index])
            guard state.services[index] != before else { return }
            if state.services.allSatisfy({ $0.phase == .ready }) { everyoneReady.open() }
            // Inside the lock, so that an older state never replaces a newer one.
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
