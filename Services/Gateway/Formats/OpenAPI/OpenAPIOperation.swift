internal import JSON

/// The groups in which the operations are shown.
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
        case .openAI: "What OpenAI's clients call. `model` is the name of an endpoint or a route."
        case .anthropic: "What Anthropic's clients call. Providers of chats without a Messages API are translated."
        case .invocations: "What MLflow's clients call, one path for each endpoint and route."
        case .catalog: "What is configured, as MLflow's gateway and deployments server tell it."
        case .administration:
            "Keys and usage. They need the admin key: `admin_key` in the configuration, or `UNLADEN_ADMIN_KEY` in the gateway's environment."
        case .service: "For those who run the gateway and watch it."
        }
    }
}

/// A method of a path.
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
    /// How its errors look; `nil` where there are none to tell of.
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

/// The JSON that is sent with a request.
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

/// The response to a request that went well.
struct OpenAPIResponse {
    var status = 200
    var description: String
    /// The name of its schema, if it is JSON.
    var schema: String?
    /// The name of the schema of an event's data, if it can be a stream.
    var event: String?
    /// The type of a response that isn't JSON.
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

/// How an API tells of an error; the names are those of the schemas.
enum OpenAPIError: String, CaseIterable {
    case openAI = "OpenAIError"
    case anthropic = "AnthropicError"
    case mlflow = "MLflowError"

    var reference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)")] }
    /// A refusal by a limit.
    var limitReference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)OfLimit")] }

    static var responses: JSONValue {
        var responses = JSONObject()
        for error in allCases {
            let content: JSONValue = ["application/json": ["schema": JSONSchema.reference(error.rawValue)]]
            responses[error.rawValue] = ["description": "The request was refused, or has failed.", "content": content]
            responses[error.rawValue + "OfLimit"] = [
                "description": "A limit or a budget is used up; the message has its name.",
                "headers": ["Retry-After": ["description": "Seconds until the limit is open again.", "schema": JSONSchema.integer()]],
                "content": content,
            ]
        }
        return .object(responses)
    }
}
