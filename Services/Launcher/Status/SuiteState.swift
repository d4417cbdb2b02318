package import Foundation

/// What a running suite says of itself in the data folder, for `unladen status` and for people.
package struct SuiteState: Codable, Sendable, Equatable {
    /// The launcher's process id.
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

package struct ServiceState: Codable, Sendable, Equatable {
    package enum Phase: String, Codable, Sendable {
        case starting
        case ready
        /// It has died and will be started again after a pause.
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
    /// How its last process ended, if one has.
    package var lastEnd: String?
    /// Why it isn't ready, as far as known.
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
