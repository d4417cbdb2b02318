internal import JSON

/// Example requests.
enum OpenAPIExamples {
    private static let question: JSONValue = "How fast is an unladen swallow?"

    static func chat(_ model: String) -> JSONObject {
        ["model": .string(model), "messages": [["role": "user", "content": question]], "max_tokens": 100]
    }

    static func completion(_ model: String) -> JSONObject {
        ["model": .string(model), "prompt": "An unladen swallow is", "max_tokens": 50]
    }

    static func embeddings(_ model: String) -> JSONObject {
        ["model": .string(model), "input": ["an African swallow", "a European swallow"]]
    }

    static func response(_ model: String) -> JSONObject {
        ["model": .string(model), "input": question, "max_output_tokens": 100]
    }

    static func message(_ model: String) -> JSONObject {
        ["model": .string(model), "max_tokens": 100, "messages": [["role": "user", "content": question]]]
    }

    /// The request with streaming turned on.
    static func streaming(_ request: JSONObject) -> JSONObject {
        var request = request
        request["stream"] = true
        return request
    }

    /// A request to an endpoint's invocations path.
    static func invocation(_ endpoint: OpenAPIEndpoint) -> JSONObject {
        var request: JSONObject =
            switch endpoint.task {
            case .completions: completion("")
            case .embeddings: embeddings("")
            case .chat, .responses: chat("")
            }
        request["model"] = nil
        guard endpoint.isMLflow25 else { return request }
        if endpoint.task == .embeddings { return ["text": request["input"] ?? ""] }
        request["temperature"] = 0.5
        request["candidate_count"] = 1
        return request
    }
}
