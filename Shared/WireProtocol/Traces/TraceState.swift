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
