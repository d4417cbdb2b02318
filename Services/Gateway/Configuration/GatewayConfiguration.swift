internal import AdapterHost
internal import Foundation
internal import JSON
internal import ModelPrices

/// The contents of a configuration file, validated.
struct GatewayConfiguration: Sendable {
    var endpoints: [EndpointSettings] = []
    var trafficRoutes: [TrafficRouteSettings] = []
    var teams: [String] = []
    var keys: [ConfiguredKey] = []
    var limits: [LimitRule] = []
    var prices = PriceTable.builtIn
    /// Whether requests need a key; `nil`: as soon as there is any key.
    var requireKeys: Bool?
    /// The key for administration over HTTP, which is disabled without one.
    var adminKey: String?
    /// How long the ledger keeps its rows; `nil` for no limit.
    var usageRetention: Duration?
    /// `nil` if no requests are traced.
    var traces: TraceSettings?
}

/// The task of an endpoint or a route, by MLflow's names.
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

/// The generation of MLflow's gateway in whose format a route is written. It determines the schema of its invocations.
enum RouteGeneration: Sendable {
    /// MLflow 2.5: `routes:` with `route_type`.
    case routes25
    /// MLflow 2.9 and later: `endpoints:`, and `routes:` with destinations; shaped like OpenAI's.
    case endpoints
}

/// An endpoint: a provider's model under a name.
struct EndpointSettings: Sendable {
    var name: String
    /// The line of its name in the file.
    var line: Int
    var task: RouteTask
    var generation: RouteGeneration
    var provider: String
    var model: String
    /// The adapter's configuration, with resolved secrets.
    var config: JSONObject
    var configLine: Int
    /// MLflow's `limit`, for display; the rule itself is among the limits.
    var limit: JSONValue?
    var policy: RequestPolicy
    var maxOutputTokens: Int64?
}

/// A route that distributes requests over several endpoints.
struct TrafficRouteSettings: Sendable {
    enum Strategy: String, Sendable {
        case trafficSplit = "TRAFFIC_SPLIT"
        case leastLoaded = "LEAST_LOADED"
    }

    struct Destination: Sendable {
        var name: String
        /// The percentage of requests.
        var weight: Int64
    }

    var name: String
    var line: Int
    var task: RouteTask
    var destinations: [Destination]
    var strategy: Strategy
    var policy: RequestPolicy
}

/// Retries, timeouts, caching and fallbacks of an endpoint; caching and fallbacks of a route.
struct RequestPolicy: Sendable {
    /// Attempts at one endpoint after the first.
    var retries = 2
    var backoff = Duration.milliseconds(250)
    /// The longest delay between attempts, and the longest `Retry-After` that is honored.
    var maxBackoff = Duration.seconds(8)
    var connectTimeout = Duration.seconds(5)
    /// From the end of the request to the head of the response, and between the events of a stream.
    var firstByteTimeout = Duration.seconds(120)
    var totalTimeout = Duration.seconds(600)
    /// How long responses are cached; `nil` disables caching.
    var cacheLifetime: Duration?
    /// Endpoints to try when all others have failed.
    var fallback: [String] = []
    var fallbackLine = 1
}

/// A key from the configuration file.
struct ConfiguredKey: Sendable {
    var name: String
    var line = 1
    /// SHA-256 of the key.
    var hash: [UInt8]
    var team: String?
    /// The routes that the key may use; `nil` for all.
    var routes: [String]?
    var expires: Date?
}
