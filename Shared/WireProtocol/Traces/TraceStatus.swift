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
