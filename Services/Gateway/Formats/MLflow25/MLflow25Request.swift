package import JSON

/// A request to a route of MLflow 2.5's gateway.
///
/// Format: `mlflow/gateway/schemas` and `mlflow/gateway/providers` of MLflow 2.5.
package struct MLflow25Request: Sendable, Equatable {
    private let routeType: MLflow25RouteType
    /// The members with MLflow's defaults, and without nulls.
    private let payload: JSONObject

    /// What the longest answer of Anthropic's models is when a client doesn't say, and what it may say.
    private static let anthropicTokens: (default: Int64, maximum: Int64) = (200_000, 1_000_000)

    /// Checks a body by the route's schema.
    ///
    /// - Parameter body: null where there is none.
    /// - Throws: what FastAPI answers with, 422 and a list of all that is wrong.
    package init(_ body: JSONValue, for routeType: MLflow25RouteType) throws(MLflow25Error) {
        guard let members = body.asPythonObject else {
            throw MLflow25Error([MLflow25Problem(location: ["body"], kind: body == .null ? .missing : .notObject)])
        }
        var fields = MLflow25Fields(members)
        if routeType == .embeddings {
            fields.stringOrStrings("text")
        } else {
            fields.number("temperature", default: 0, in: 0...1)
            fields.integer("candidate_count", default: 1, in: 1...5)
            fields.optionalStrings("stop")
            fields.optionalInteger("max_tokens", in: 1...Int64.max)
        }
        switch routeType {
        case .chat:
            fields.objects("messages") { message in
                message.string("role")
                message.string("content")
            }
        case .completions: fields.string("prompt")
        case .embeddings: break
        }
        guard fields.problems.isEmpty else { throw MLflow25Error(fields.problems) }
        self.routeType = routeType
        payload = fields.members.withoutNulls
    }

    /// The request in OpenAI's form, for the provider's adapter; members that the schema doesn't name pass.
    ///
    /// Chats go to every provider that has them: MLflow 2.5 had none for Anthropic and Cohere. A prompt for Anthropic is given as
    /// it is and without "Human:" and "Assistant:" around it, since its adapter makes it a turn of the user, which means the same.
    ///
    /// - Parameters:
    ///   - provider: the `provider` of the configuration.
    ///   - completionsAsChat: makes the prompt of a completion a message of a chat, as MLflow 2.5 does for OpenAI; the response to
    ///     it is read by `MLflow25Response` too.
    ///   - maximumOutputTokens: the longest answer that the model can give, `nil` if it isn't known. MLflow's default for Anthropic
    ///     is longer than the models of today take, so that it is cut to this, or left to the adapter.
    /// - Returns: what the adapter is to be asked for, and the request without `model`.
    package func openAI(
        for provider: String, completionsAsChat: Bool, maximumOutputTokens: Int64? = nil
    ) throws(MLflow25Error) -> (task: OpenAITask, body: JSONObject) {
        let provider = MLflow25Provider(provider)
        try refuse(for: provider)
        var body = payload
        // These schemas have no streams, and embeddings as numbers only.
        body["stream"] = nil
        body["stream_options"] = nil
        guard routeType != .embeddings else {
            body["encoding_format"] = nil
            body["input"] = body.take("text")
            return (.embeddings, body)
        }
        body["n"] = body.take("candidate_count")
        body["temperature"] = (body["temperature"]?.doubleValue).map { .number($0 * provider.temperatureScale) }
        if provider == .anthropic, body["max_tokens"] == nil, let maximumOutputTokens {
            body["max_tokens"] = .integer(min(Self.anthropicTokens.default, maximumOutputTokens))
        }
        guard routeType == .completions else { return (.chat, body) }
        guard completionsAsChat else { return (.completions, body) }
        body["messages"] = [["role": "user", "content": body.take("prompt") ?? ""]]
        return (.chat, body)
    }

    /// How many tokens the request can cost at most. The body itself won't tell, as it may have numbers as texts.
    package var bound: TokenBound {
        var counted = payload
        if routeType == .embeddings { counted["input"] = counted.take("text") }
        return TokenBound(counted)
    }

    /// Refuses what MLflow's providers refuse, in their order.
    private func refuse(for provider: MLflow25Provider) throws(MLflow25Error) {
        guard payload["model"] == nil else {
            throw MLflow25Error(
                422,
                "The parameter 'model' is not permitted to be passed. "
                    + "The route being queried already defines a model instance.")
        }
        switch provider {
        case .cohere:
            let ofTexts = [("stop", "stop_sequences"), ("candidate_count", "num_generations")]
            for (ours, theirs) in routeType == .embeddings ? [("text", "texts")] : ofTexts where payload[theirs] != nil {
                throw MLflow25Error(400, "Invalid parameter \(theirs). Use \(ours) instead.")
            }
        case .anthropic where routeType != .embeddings: try refuseForAnthropic()
        case .anthropic, .openAI, .other: break
        }
        if routeType != .embeddings, payload["n"] != nil {
            throw MLflow25Error(400, "Invalid parameter `n`. Use `candidate_count` instead.")
        }
        if payload["stream"] == true || payload["stream"] == "true" { throw Self.streamingNotSupported }
    }

    private func refuseForAnthropic() throws(MLflow25Error) {
        guard payload["top_p"] == nil else {
            throw MLflow25Error(
                422,
                "Cannot set both 'temperature' and 'top_p' parameters. "
                    + "Please use only the temperature parameter for your query.")
        }
        let maximum = Self.anthropicTokens.maximum
        if let tokens = payload["max_tokens"]?.integerValue, tokens > maximum {
            throw MLflow25Error(422, "Invalid value for max_tokens: cannot exceed \(maximum).")
        }
        guard payload["stream"] != "true" else { throw Self.streamingNotSupported }
        if let count = payload["candidate_count"]?.integerValue, count != 1 {
            throw MLflow25Error(422, "'candidate_count' must be '1' for the Anthropic provider. Received value: '\(count)'.")
        }
    }

    private static let streamingNotSupported = MLflow25Error(
        422, "Setting the 'stream' parameter to 'true' is not supported with the MLflow Gateway.")
}

extension JSONObject {
    /// Removes a member and gives its value.
    fileprivate mutating func take(_ name: String) -> JSONValue? {
        defer { self[name] = nil }
        return self[name]
    }
}
