internal import WireProtocol

/// The gateway's configuration, as the gateway reports it to the holder of this server's key.
struct GatewayCatalog: Sendable {
    /// A model of a provider: an entry of `endpoints` in the configuration file.
    struct Model: Sendable {
        var name: String
        var task: String
        var provider: String
        var model: String
        /// The names of the settings that contain secrets.
        var secretSettings: [String]
        /// The share of requests in percent.
        var weight: Double
        /// The price per input token in US dollars.
        var inputCost: Double?
        var outputCost: Double?
        var maxOutputTokens: Int64?
    }

    /// A name that clients call, and the models behind it.
    struct Endpoint: Sendable {
        var name: String
        var task: String
        var models: [Model]
        var fallback: [Model]
    }

    /// A provider for which the gateway has loaded an adapter.
    struct Provider: Sendable {
        struct Setting: Sendable {
            var name: String
            var isRequired: Bool
            var isSecret: Bool
        }

        var name: String
        var settings: [Setting]
    }

    /// A spending limit in US dollars.
    struct Budget: Sendable {
        enum Scope: Sendable {
            case global
            case route(String)
            /// A key, a team or a client address.
            case user(String)
        }

        var id: String
        var dollars: Double
        /// The length of the period; `nil` for a calendar month.
        var periodSeconds: Int64?
        var scope: Scope
        var rejects: Bool
        var spent: Double
        /// The current period in milliseconds since 1970.
        var window: Range<Int64>
    }

    /// When the configuration file was written, in milliseconds since 1970.
    var configuredAt: Int64
    var endpoints: [Endpoint]
    var providers: [Provider]
    var budgets: [Budget]

    /// All models of all providers, without duplicates, in the order of the configuration file.
    var models: [Model] {
        var names: Set<String> = []
        return endpoints.flatMap { $0.models + $0.fallback }.filter { names.insert($0.name).inserted }
    }

    /// Decodes the gateway's response; `nil` if it isn't a catalog.
    init?(_ json: JSONValue) {
        guard let at = json["configured_at"]?.integerValue, let endpoints = json["endpoints"]?.arrayValue else { return nil }
        configuredAt = at
        self.endpoints = endpoints.compactMap(Endpoint.init)
        providers = (json["providers"]?.arrayValue ?? []).compactMap(Provider.init)
        budgets = (json["budgets"]?.arrayValue ?? []).compactMap(Budget.init)
    }
}

extension GatewayCatalog.Endpoint {
    fileprivate init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, let task = json["task"]?.stringValue else { return nil }
        self.name = name
        self.task = task
        models = (json["models"]?.arrayValue ?? []).compactMap(GatewayCatalog.Model.init)
        fallback = (json["fallback"]?.arrayValue ?? []).compactMap(GatewayCatalog.Model.init)
    }
}

extension GatewayCatalog.Model {
    fileprivate init?(_ json: JSONValue) {
        guard let name = json["endpoint"]?.stringValue, let provider = json["provider"]?.stringValue, let model = json["model"]?.stringValue
        else { return nil }
        self.name = name
        self.provider = provider
        self.model = model
        task = json["task"]?.stringValue ?? ""
        secretSettings = (json["secret_settings"]?.arrayValue ?? []).compactMap(\.stringValue)
        weight = json["weight"]?.doubleValue ?? 100
        inputCost = json["input_cost_per_token"]?.doubleValue
        outputCost = json["output_cost_per_token"]?.doubleValue
        maxOutputTokens = json["max_output_tokens"]?.integerValue
    }
}

extension GatewayCatalog.Provider {
    fileprivate init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue else { return nil }
        self.name = name
        settings = (json["config"]?.arrayValue ?? []).compactMap { setting in
            guard let name = setting["name"]?.stringValue else { return nil }
            return Setting(
                name: name, isRequired: setting["required"]?.boolValue ?? false, isSecret: setting["secret"]?.boolValue ?? false)
        }
    }
}

extension GatewayCatalog.Budget {
    fileprivate init?(_ json: JSONValue) {
        guard let id = json["counter"]?.stringValue, let dollars = json["amount_usd"]?.doubleValue,
            let start = json["window_start"]?.integerValue, let end = json["window_end"]?.integerValue, start <= end
        else { return nil }
        self.id = id
        self.dollars = dollars
        periodSeconds = json["period_seconds"]?.integerValue
        window = start..<end
        rejects = json["rejects"]?.boolValue ?? true
        spent = json["spent_usd"]?.doubleValue ?? 0
        let users = ["key", "team", "client"].compactMap { kind in json[kind]?.stringValue.map { "\(kind) \($0)" } }
        if !users.isEmpty {
            scope = .user(users.joined(separator: ", "))
        } else if let route = json["route"]?.stringValue {
            scope = .route(route)
        } else {
            scope = .global
        }
    }
}
