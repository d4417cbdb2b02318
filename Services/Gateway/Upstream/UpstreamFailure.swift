/// Why a provider gave no answer that can be read.
enum UpstreamFailure: Error, Equatable {
    case cannotConnect(String)
    case connectTimeout
    /// Nothing came for as long as the policy waits: no head, or no next part.
    case silent
    /// The whole took longer than the policy allows.
    case totalTimeout
    /// The connection ended before the answer did.
    case closed(hasBegun: Bool)
    /// What came is no HTTP, or breaks a bound.
    case invalid(String)
    /// Nobody waits for the answer any more.
    case cancelled

    /// For people; without addresses and secrets.
    var message: String {
        switch self {
        case .cannotConnect(let reason): "the provider can't be reached: \(reason)"
        case .connectTimeout: "the provider can't be reached in time"
        case .silent: "the provider doesn't answer in time"
        case .totalTimeout: "the provider's answer takes too long"
        case .closed: "the provider closed the connection before its answer was complete"
        case .invalid(let reason): "the provider's answer can't be read: \(reason)"
        case .cancelled: "the request was cancelled"
        }
    }

    var isTimeout: Bool {
        switch self {
        case .connectTimeout, .silent, .totalTimeout: true
        default: false
        }
    }
}
