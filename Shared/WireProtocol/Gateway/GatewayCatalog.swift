package import Primitives

/// The gateway's configuration, as far as the holder of a key may see it.
package struct GatewayCatalog: ProtobufMessage, JSONWritable {
    /// When the configuration file was written.
    package var configuredAt: UnixMilliseconds
    package var endpoints: [Endpoint]
    package var providers: [Provider]
    package var budgets: [Budget]

    package init(configuredAt: UnixMilliseconds, endpoints: [Endpoint], providers: [Provider], budgets: [Budget]) {
        self.configuredAt = configuredAt
        self.endpoints = endpoints
        self.providers = providers
        self.budgets = budgets
    }

    package init(_ fields: MessageFields) throws {
        configuredAt = try fields.requiredTime("configured_at")
        endpoints = try fields.requiredMessages("endpoints")
        providers = try fields.messages("providers")
        budgets = try fields.messages("budgets")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("configured_at", configuredAt)
            json.list("endpoints", endpoints)
            json.list("providers", providers)
            json.list("budgets", budgets)
        }
    }
}

extension GatewayCatalog {
    /// A name that clients call, and the models behind it.
    package struct Endpoint: ProtobufMessage, JSONWritable {
        package var name: String
        /// `llm/v1/chat`, `llm/v1/completions` or `llm/v1/embeddings`.
        package var task: String
        /// Whether it splits its traffic over several models.
        package var isRoute: Bool
        package var models: [Model]
        /// The models to try when those fail, in order.
        package var fallback: [Model]

        package init(name: String, task: String, isRoute: Bool, models: [Model], fallback: [Model]) {
            self.name = name
            self.task = task
            self.isRoute = isRoute
            self.models = models
            self.fallback = fallback
        }

        package init(_ fields: MessageFields) throws {
            name = try fields.requiredString("name")
            task = try fields.requiredString("task")
            isRoute = try fields.bool("is_route") ?? false
            models = try fields.messages("models")
            fallback = try fields.messages("fallback")
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("name", name)
                json.field("task", task)
                json.field("is_route", isRoute)
                json.list("models", models)
                json.list("fallback", fallback)
            }
        }
    }

    /// A model of a provider: an entry of `endpoints` in the configuration file.
    package struct Model: ProtobufMessage, JSONWritable {
        /// The name of the entry.
        package var endpoint: String
        package var task: String
        package var provider: String
        package var model: String
        /// The names of the settings that contain secrets.
        package var secretSettings: [String]
        /// The price per input token in US dollars.
        package var inputCost: Double?
        package var outputCost: Double?
        package var maxOutputTokens: Int64?
        /// The share of requests in percent; `nil` for a fallback.
        package var weight: Int64?

        package init(endpoint: String, task: String, provider: String, model: String, secretSettings: [String]) {
            self.endpoint = endpoint
            self.task = task
            self.provider = provider
            self.model = model
            self.secretSettings = secretSettings
        }

        package init(_ fields: MessageFields) throws {
            endpoint = try fields.requiredString("endpoint")
            task = try fields.string("task") ?? ""
            provider = try fields.requiredString("provider")
            model = try fields.requiredString("model")
            secretSettings = try fields.strings("secret_settings")
            inputCost = try fields.double("input_cost_per_token")
            outputCost = try fields.double("output_cost_per_token")
            maxOutputTokens = try fields.integer("max_output_tokens")
            weight = try fields.integer("weight")
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("endpoint", endpoint)
                json.field("task", task)
                json.field("provider", provider)
                json.field("model", model)
                json.list("secret_settings", secretSettings)
                json.field("input_cost_per_token", inputCost)
                json.field("output_cost_per_token", outputCost)
                json.field("max_output_tokens", maxOutputTokens)
                json.field("weight", weight)
            }
        }
    }
}
