internal import JSON

/// The groups of operations.
enum OpenAPITag: String, CaseIterable {
    case openAI = "OpenAI API"
    case anthropic = "Anthropic API"
    case invocations = "Invocations"
    case catalog = "Endpoints and routes"
    case administration = "Administration"
    case service = "Service"

    var json: JSONValue { ["name": .string(rawValue), "description": .string(tagDescription)] }

    private var tagDescription: String {
        switch self {
        case .openAI: "OpenAI's API. `model` is the name of an endpoint or route."
        case .anthropic: "Anthropic's API. Requests are translated for chat providers without a Messages API."
        case .invocations: "MLflow's gateway API, with one path for each endpoint and route."
        case .catalog: "The configured endpoints and routes, in the formats of MLflow's gateway and deployments server."
        case .administration:
            "Keys and usage. Requires the admin key: `admin_key` in the configuration, or `UNLADEN_ADMIN_KEY` in the gateway's environment."
        case .service: "Operation and monitoring of the gateway."
        }
    }
}

/// An operation: a method on a path.
struct OpenAPIOperation {
    var method: String
    var path: String
    var id: String
    var tag: OpenAPITag
    var summary: String
    var description = ""
    var parameters: [JSONValue] = []
    var body: OpenAPIBody?
    var response: OpenAPIResponse
    /// The format of its errors; `nil` if none are documented.
    var error: OpenAPIError?
    var isPublic = false

    var json: JSONValue {
        var object: JSONObject = ["operationId": .string(id), "tags": [.string(tag.rawValue)], "summary": .string(summary)]
        if !description.isEmpty { object["description"] = .string(description) }
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        object["requestBody"] = body?.json
        var responses: JSONObject = [String(response.status): response.json]
        if let error {
            if !isPublic, tag != .catalog, tag != .administration { responses["429"] = error.limitReference }
            responses["default"] = error.reference
        }
        object["responses"] = .object(responses)
        if isPublic { object["security"] = [] }
        return .object(object)
    }

    /// A parameter in the path or the query.
    static func parameter(
        _ name: String, in location: String = "path", _ description: String, example: String? = nil
    ) -> JSONValue {
        var parameter: JSONObject = [
            "name": .string(name), "in": .string(location), "required": .bool(location == "path"),
            "description": .string(description),
            "schema": JSONSchema.string(),
        ]
        parameter["example"] = example.map { .string($0) }
        return .object(parameter)
    }
}

/// The JSON body of a request.
struct OpenAPIBody {
    /// The name of its schema.
    var schema: String
    var examples: [(name: String, value: JSONValue)]

    var json: JSONValue {
        let examples = examples.map { JSONObject.Member(name: $0.name, value: ["value": $0.value]) }
        return [
            "required": true,
            "content": ["application/json": ["schema": JSONSchema.reference(schema), "examples": .object(JSONObject(examples))]],
        ]
    }
}

/// The response to a successful request.
struct OpenAPIResponse {
    var status = 200
    var description: String
    /// The name of its schema, if the response is JSON.
    var schema: String?
    /// The name of the schema of an event's data, if the response can be a stream.
    var event: String?
    /// The content type of a response that isn't JSON.
    var type: String?

    var json: JSONValue {
        var content = JSONObject()
        if let schema { content["application/json"] = ["schema": JSONSchema.reference(schema)] }
        if let event {
            content["text/event-stream"] = [
                "schema": ["type": "string", "description": .string("Server-sent events; the data of each is a `\(event)`.")]
            ]
        }
        if let type { content[type] = ["schema": JSONSchema.string()] }
        var response: JSONObject = ["description": .string(description)]
        if !content.members.isEmpty { response["content"] = .object(content) }
        return .object(response)
    }
}

/// The error format of an API of the gateway (`ErrorFormat`). The raw values are the names of the schemas.
enum OpenAPIError: String, CaseIterable {
    case openAI = "OpenAIError"
    case anthropic = "AnthropicError"
    case fastAPI = "MLflowError"

    var reference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)")] }
    /// A rejection by a limit.
    var limitReference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)OfLimit")] }

    static var responses: JSONValue {
        var responses = JSONObject()
        for error in allCases {
            let content: JSONValue = ["application/json": ["schema": JSONSchema.reference(error.rawValue)]]
            responses[error.rawValue] = ["description": "The request was rejected or failed.", "content": content]
            responses[error.rawValue + "OfLimit"] = [
                "description": "A limit or budget is exhausted; the message contains its name.",
                "headers": ["Retry-After": ["description": "The number of seconds after which to retry.", "schema": JSONSchema.integer()]],
                "content": content,
            ]
        }
        return .object(responses)
    }
}
