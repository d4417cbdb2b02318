internal import AdapterHost
internal import GatewayFormats
internal import PluginHost
internal import SafeText
internal import ServiceKit
internal import WireProtocol

/// The failure of an attempt, and whether another attempt may help.
struct AttemptFailure: Error {
    enum Kind {
        /// No other attempt helps: either the request is at fault and every endpoint would reject it, or the provider responded and
        /// another response, which the gateway couldn't deliver either, would be billed again.
        case request
        /// This endpoint doesn't support the request; another one may.
        case unsupported
        /// This endpoint failed; another one may work.
        case target
        /// A retry may work, after the number of seconds that the provider asked for.
        case transient(Double?)
        /// The client disconnected.
        case cancelled

        /// Whether the failure counts against the endpoint's health.
        var isTargetFault: Bool {
            switch self {
            case .target, .transient: true
            case .request, .unsupported, .cancelled: false
            }
        }
    }

    var error: ServiceError
    var kind: Kind
    /// Whether the provider may bill the failed attempt.
    var mayCost = false

    init(error: ServiceError, kind: Kind, mayCost: Bool = false) {
        self.error = error
        self.kind = kind
        self.mayCost = mayCost
    }

    /// - Parameter mayCost: whether the provider has responded, which it bills in any case.
    init(_ failure: AdapterFailure, _ target: Target, mayCost: Bool = false) {
        // The message may quote the provider. Redact it before it is truncated.
        let message = target.redaction.redacted(error: failure.message)
        switch failure.kind {
        case .invalid: self.init(error: .invalidParameter(ErrorMessage(message)), kind: .request)
        case .unsupported: self.init(error: .unsupported("\(target.provider): \(message)"), kind: .unsupported)
        case .misconfigured: self.init(error: .misconfigured(ErrorMessage(message), cause: failure), kind: .target)
        case .malformed, .failed:
            self.init(
                error: .unreadableResponse("\(target.provider): the provider's response can't be read: \(message)", cause: failure),
                kind: .target, mayCost: true)
        }
        self.mayCost = self.mayCost || mayCost
        error = error.redacted(by: target.redaction)
    }

    init(_ failure: UpstreamFailure, _ target: Target) {
        let kind: Kind =
            switch failure {
            case .cancelled: .cancelled
            case .tooLarge, .outOfMemory: .request
            // After a timeout the provider may still be working, and a provider that has begun to respond has done the work: a retry
            // would add load and cost.
            case .idleTimeout, .totalTimeout, .closed(hasBegun: true), .invalid: .target
            case .cannotConnect, .connectTimeout, .closed(hasBegun: false): .transient(nil)
            }
        let mayCost =
            switch failure {
            case .cannotConnect, .connectTimeout: false
            // The request was sent. It is unknown whether the provider worked on it.
            case .idleTimeout, .totalTimeout, .closed, .invalid, .tooLarge, .outOfMemory, .cancelled: true
            }
        let error = ServiceError.upstream(failure, provider: target.provider).redacted(by: target.redaction)
        self.init(error: error, kind: kind, mayCost: mayCost)
    }
}
