internal import WireProtocol

/// The reason why a provider's response couldn't be received.
enum UpstreamFailure: Error, Equatable {
    case cannotConnect(String)
    case connectTimeout
    /// Neither the head nor the next part arrived within the policy's timeout.
    case idleTimeout
    /// The exchange took longer than the policy allows.
    case totalTimeout
    /// The connection ended before the response did.
    case closed(hasBegun: Bool)
    /// The response isn't valid HTTP or exceeds a limit on its headers.
    case invalid(String)
    /// The response exceeds one of the gateway's own limits, which isn't the provider's fault.
    case tooLarge(String)
    /// The gateway has no memory left for the response at the moment, which isn't the provider's fault either.
    case outOfMemory
    /// The client disconnected, or the gateway closed the connection.
    case cancelled

    /// A description for clients, without addresses or secrets.
    var message: String {
        switch self {
        case .cannotConnect(let reason): "the provider can't be reached: \(reason)"
        case .connectTimeout: "connecting to the provider timed out"
        case .idleTimeout: "the provider didn't respond in time"
        case .totalTimeout: "the provider's response took too long"
        case .closed: "the provider closed the connection before its response was complete"
        case .invalid(let reason): "the provider's response can't be read: \(reason)"
        case .tooLarge(let limit): "the provider's response exceeds a limit of the gateway: \(limit)"
        case .outOfMemory: "the gateway has no memory left for the provider's response at the moment"
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
    /// Converts an error of `RequestMemory.reserve`. A response that needs more memory than the service has for all requests is too
    /// large, since waiting wouldn't help.
    init(reserving error: any Error) {
        let isTooLarge = (error as? ServiceError)?.code == .invalidParameterValue
        self = isTooLarge ? .tooLarge("it needs more memory than is available for all requests") : .outOfMemory
    }
}
