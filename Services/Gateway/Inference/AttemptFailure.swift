internal import GatewayFormats
internal import JSON
internal import PluginHost
internal import SafeText
internal import ServiceKit

/// How a try failed, and what helps.
struct AttemptFailure: Error {
    enum Kind {
        /// No other try helps: the request is at fault, and the next endpoint would say the same; or the provider has answered, and the
        /// gateway can't give on what would have to be paid again.
        case request
        /// This endpoint can't do it; another one may.
        case unsupported
        /// This endpoint doesn't work; another one may.
        case target
        /// It may work when it's tried again, after as many seconds as the provider says.
        case transient(Double?)
        /// The client has gone.
        case cancelled

        /// Whether it says something about the endpoint's health.
        var isTargetFault: Bool {
            switch self {
            case .target, .transient: true
            case .request, .unsupported, .cancelled: false
            }
        }
    }

    var error: GatewayError
    var kind: Kind
    /// Whether the provider may have done, and may charge for, what nobody has got.
    var mayCost = false

    init(error: GatewayError, kind: Kind, mayCost: Bool = false) {
        self.error = error
        self.kind = kind
        self.mayCost = mayCost
    }

    /// - Parameter mayCost: whether the provider has answered, which it charges for in any case.
    init(_ failure: AdapterFailure, _ target: Target, mayCost: Bool = false) {
        // It may be in a provider's words, and an error cuts what is long.
        let message = target.redaction.redacted(error: failure.message)
        switch failure.kind {
        case .invalid: self.init(error: .invalid(ErrorMessage(message)), kind: .request)
        case .unsupported: self.init(error: .unsupported("\(target.provider): \(message)"), kind: .unsupported)
        case .misconfigured:
            self.init(
                error: GatewayError(status: 502, type: "api_error", message: ErrorMessage(message), code: "misconfigured", cause: failure),
                kind: .target)
        case .malformed, .failed:
            self.init(
                error: GatewayError(
                    status: 502, type: "api_error", message: "\(target.provider): the provider's answer can't be read: \(message)",
                    code: "upstream_error", cause: failure), kind: .target, mayCost: true)
        }
        self.mayCost = self.mayCost || mayCost
        error = error.redacted(by: target.redaction)
    }

    init(_ failure: UpstreamFailure, _ target: Target) {
        let kind: Kind =
            switch failure {
            case .cancelled: .cancelled
            case .tooLarge, .outOfMemory: .request
            // After a time-out the provider may still be working on it, and what has begun to answer has done the work: to ask it
            // again would make it worse, and dearer.
            case .idleTimeout, .totalTimeout, .closed(hasBegun: true), .invalid: .target
            case .cannotConnect, .connectTimeout, .closed(hasBegun: false): .transient(nil)
            }
        let mayCost =
            switch failure {
            case .cannotConnect, .connectTimeout: false
            // The request was sent: whether the provider worked on it before it closed the connection, nobody knows.
            case .idleTimeout, .totalTimeout, .closed, .invalid, .tooLarge, .outOfMemory, .cancelled: true
            }
        let error = GatewayError.upstream(failure, provider: target.provider).redacted(by: target.redaction)
        self.init(error: error, kind: kind, mayCost: mayCost)
    }
}
