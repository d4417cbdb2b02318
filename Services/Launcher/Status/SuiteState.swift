package import Foundation

/// The state that a running suite saves in the data directory, for `unladen status` and for people.
package struct SuiteState: Codable, Sendable, Equatable {
    /// The launcher's process ID.
    package var launcher: Int32
    package var version: String
    package var startedAt: Date
    package var services: [ServiceState]

    package init(launcher: Int32, version: String, startedAt: Date, services: [ServiceState]) {
        self.launcher = launcher
        self.version = version
        self.startedAt = startedAt
        self.services = services
    }
}

/// The state of one service of the suite.
package struct ServiceState: Codable, Sendable, Equatable {
    /// A phase in the life of a service.
    package enum Phase: String, Codable, Sendable {
        case starting
        case ready
        /// It has exited and will be restarted after a pause.
        case waiting
        case stopping
        case stopped
    }

    package var name: String
    package var url: String
    package var phase: Phase
    package var pid: Int32?
    package var startedAt: Date?
    package var restarts: Int
    /// How its last process ended; `nil` if none has.
    package var lastEnd: String?
    /// Why it isn't ready, if known.
    package var reason: String?

    package init(
        name: String, url: String, phase: Phase = .starting, pid: Int32? = nil, startedAt: Date? = nil, restarts: Int = 0,
        lastEnd: String? = nil, reason: String? = nil
    ) {
        self.name = name
        self.url = url
        self.phase = phase
        self.pid = pid
        self.startedAt = startedAt
        self.restarts = restarts
        self.lastEnd = lastEnd
        self.reason = reason
    }
}
