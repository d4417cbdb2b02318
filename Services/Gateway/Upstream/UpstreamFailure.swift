internal import WireProtocol

/// Why there is no response of a provider that can be read.
enum UpstreamFailure: Error, Equatable {
    case cannotConnect(String)
    case connectTimeout
    /// Nothing came for as long as the policy waits: no head, or no next part.
    case idleTimeout
    /// The whole took longer than the policy allows.
    case totalTimeout
    /// The connection ended before the response did.
    case closed(hasBegun: Bool)
    /// What came isn't HTTP, or breaks a bound of it.
    case invalid(String)
    /// The response exceeds a limit of the gateway's own, which is no fault of the provider.
    case tooLarge(String)
    /// The gateway has no memory left for the response at the moment, which is no fault of the provider either.
    case outOfMemory
    /// Nobody waits for the response any more.
    case cancelled

    /// For people; without addresses and secrets.
    var message: String {
        switch self {
        case .cannotConnect(let reason): "the provider can't be reached: \(reason)"
        case .connectTimeout: "the provider can't be reached in time"
        case .idleTimeout: "the provider doesn't answer in time"
        case .totalTimeout: "the provider's answer takes too long"
        case .closed: "the provider closed the connection before its answer was complete"
        case .invalid(let reason): "the provider's answer can't be read: \(reason)"
        case .tooLarge(let limit): "the provider's answer exceeds a limit of the gateway: \(limit)"
        case .outOfMemory: "the gateway has no memory left for the provider's answer at the moment"
        case .cancelled: "the request was cancelled"
        }
    }

    var isTimeout: Bool {
        switch self {
        case .connectTimeout, .idleTimeout, .totalTimeout: true
        default: false
        }
    }
}

extension UpstreamFailure {
    /// An error of `RequestMemory.reserve`: what needs more than the service has for all requests won't find room later.
    init(reserving error: any Error) {
        let isTooLarge = (error as? ServiceError)?.code == .invalidParameterValue
        self = isTooLarge ? .tooLarge("more memory than there is for all requests") : .outOfMemory
    }
}
