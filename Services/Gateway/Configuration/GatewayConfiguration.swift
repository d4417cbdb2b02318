internal import Foundation
internal import JSON
internal import ModelPrices
internal import PluginHost

/// What a gateway serves and under which rules, as its file says it; checked as a whole.
struct GatewayConfiguration: Sendable {
    var endpoints: [EndpointSettings] = []
    var trafficRoutes: [TrafficRouteSettings] = []
    var teams: [String] = []
    var keys: [ConfiguredKey] = []
    var limits: [LimitRule] = []
    var prices = PriceTable.builtIn
    /// Whether a key is needed though the file names none; `nil`: it is as soon as there's any key.
    var requireKeys: Bool?
    /// Opens administration over HTTP, which is closed without it.
    var adminKey: String?
    /// How long the ledger keeps its rows; `nil`: for ever.
    var usageRetention: Duration?
    /// `nil`: no request becomes a trace.
    var traces: TraceSettings?
}

/// What an endpoint or a route is for; MLflow's names.
enum RouteTask: String, Sendable, CaseIterable {
    case chat = "llm/v1/chat"
    case completions = "llm/v1/completions"
    case embeddings = "llm/v1/embeddings"

    var adapterTask: AdapterTask {
        switch self {
        case .chat: .chat
        case .completions: .completions
        case .embeddings: .embeddings
        }
    }

    static let choices = allCases.map { ($0.rawValue, $0) }
}

/// In which generation of MLflow's gateway a route was written, which decides the schema of its invocations.
enum RouteGeneration: Sendable {
    /// MLflow 2.5: `routes:` with `route_type`.
    case routes25
    /// MLflow 2.9 and later: `endpoints:`, and `routes:` with destinations; shaped like OpenAI's.
    case endpoints
}

/// A model of a provider under a name.
struct EndpointSettings: Sendable {
    var name: String
    /// The line of its name in the file.
    var line: Int
    var task: RouteTask
    var generation: RouteGeneration
    var provider: String
    var model: String
    /// Of the adapter, with secrets in place.
    var config: JSONObject
    var configLine: Int
    /// MLflow's `limit`, as it is shown; the rule itself is among the limits.
    var limit: JSONValue?
    var policy: RequestPolicy
    var maxOutputTokens: Int64?
}

/// A name in front of several endpoints.
struct TrafficRouteSettings: Sendable {
    enum Strategy: String, Sendable {
        case trafficSplit = "TRAFFIC_SPLIT"
        case leastLoaded = "LEAST_LOADED"
    }

    struct Destination: Sendable {
        var name: String
        /// Percent.
        var weight: Int64
    }

    var name: String
    var line: Int
    var task: RouteTask
    var destinations: [Destination]
    var strategy: Strategy
    var policy: RequestPolicy
}

/// How often and how long a provider is tried.
struct RequestPolicy: Sendable {
    /// Further attempts after the first, of one endpoint.
    var retries = 2
    var backoff = Duration.milliseconds(250)
    /// The longest pause between attempts, and the longest `Retry-After` that is waited for.
    var maxBackoff = Duration.seconds(8)
    var connectTimeout = Duration.seconds(5)
    /// From the request's end to the response's head; between the events of a stream too.
    var firstByteTimeout = Duration.seconds(120)
    var totalTimeout = Duration.seconds(600)
    /// How long responses are kept; `nil`: not at all.
    var cacheLifetime: Duration?
    /// Endpoints to try when all else has failed.
    var fallback: [String] = []
    var fallbackLine = 1
}

/// A key that stands in the file.
struct ConfiguredKey: Sendable {
    var name: String
    var line = 1
    /// SHA-256 of the key.
    var hash: [UInt8]
    var team: String?
    /// The routes that it opens; `nil`: all.
    var routes: [String]?
    var expires: Date?
}
