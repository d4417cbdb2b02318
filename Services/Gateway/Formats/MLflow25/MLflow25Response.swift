package import JSON

/// Converts responses to MLflow 2.5's schemas.
package enum MLflow25Response {
    /// Converts a whole response in OpenAI's format. For completions, it also accepts a chat completion.
    ///
    /// - Parameter model: the `model` to return if the provider's response has none.
    /// - Throws: status 502 if the provider's response has no choices, or no embeddings as numbers.
    package static func mlflow25(
        _ response: JSONObject, for routeType: MLflow25RouteType, model: String
    ) throws(MLflow25Error) -> JSONObject {
        let metadata = metadata(response, routeType, model)
        guard routeType != .embeddings else {
            let data = response["data"]?.arrayValue ?? []
            let vectors = data.compactMap(\.vector)
            guard vectors.count == data.count, response["data"] != nil else {
                throw MLflow25Error(502, "The provider's response has no embeddings.")
            }
            return ["embeddings": .array(vectors), "metadata": metadata]
        }
        guard let choices = response["choices"]?.arrayValue else {
            throw MLflow25Error(502, "The provider's response has no choices.")
        }
        let candidates = choices.map { choice -> JSONValue in
            let metadata: JSONValue = ["finish_reason": finishReason(choice["finish_reason"])]
            let text = JSONValue.string(text(of: choice))
            guard routeType == .chat else { return ["text": text, "metadata": metadata] }
            let role = choice["message"]?["role"]?.stringValue ?? "assistant"
            return ["message": ["role": .string(role), "content": text], "metadata": metadata]
        }
        return ["candidates": .array(candidates), "metadata": metadata]
    }

    /// The text of a choice. MLflow's schema requires a string, but a model that calls a tool or refuses may return none.
    private static func text(of choice: JSONValue) -> String {
        if let text = choice["text"]?.stringValue { return text }
        switch choice["message"]?["content"] {
        case .string(let text): return text
        case .array(let parts): return parts.compactMap { $0["text"]?.stringValue }.joined()
        default: return choice["message"]?["refusal"]?.stringValue ?? ""
        }
    }

    /// MLflow's schema only allows two finish reasons and null.
    private static func finishReason(_ reason: JSONValue?) -> JSONValue {
        ["stop", "length"].contains(reason) ? reason ?? .null : .null
    }

    private static func metadata(_ response: JSONObject, _ routeType: MLflow25RouteType, _ model: String) -> JSONValue {
        func count(_ name: String) -> JSONValue { response["usage"]?[name]?.integerValue.map { .integer($0) } ?? .null }
        let hasUsage = response["usage"]?.objectValue != nil
        return [
            "input_tokens": count("prompt_tokens"),
            "output_tokens": routeType == .embeddings && hasUsage ? 0 : count("completion_tokens"),
            "total_tokens": count("total_tokens"), "model": .string(response["model"]?.stringValue ?? model),
            "route_type": .string(routeType.rawValue),
        ]
    }
}

extension JSONValue {
    /// The embedding of an element of `data`; `nil` if it isn't a list of numbers.
    fileprivate var vector: JSONValue? {
        guard let numbers = self["embedding"]?.arrayValue, numbers.allSatisfy({ $0.doubleValue != nil }) else { return nil }
        return .array(numbers.map { .number($0.doubleValue ?? 0) })
    }
}
