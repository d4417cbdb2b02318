/// The state of a trace in version 3 of the API.
package enum TraceState: String, WireEnumeration {
    case unspecified = "STATE_UNSPECIFIED"
    case ok = "OK"
    case error = "ERROR"
    case inProgress = "IN_PROGRESS"

    package init?(number: Int64) {
        switch number {
        case 0: self = .unspecified
        case 1: self = .ok
        case 2: self = .error
        case 3: self = .inProgress
        default: return nil
        }
    }

    /// Whether the state is still undecided, so that the root span determines it.
    package var isOpen: Bool { self == .unspecified || self == .inProgress }
}

/// The state of a trace in version 2 of the API.
package enum TraceStatus: String, WireEnumeration {
    case unspecified = "TRACE_STATUS_UNSPECIFIED"
    case ok = "OK"
    case error = "ERROR"
    case inProgress = "IN_PROGRESS"

    package init?(number: Int64) {
        guard let state = TraceState(number: number) else { return nil }
        self.init(state)
    }

    package init(_ state: TraceState) {
        switch state {
        case .unspecified: self = .unspecified
        case .ok: self = .ok
        case .error: self = .error
        case .inProgress: self = .inProgress
        }
    }

    /// The same state in version 3 of the API.
    package var state: TraceState { TraceState(rawValue: rawValue) ?? .unspecified }
}
