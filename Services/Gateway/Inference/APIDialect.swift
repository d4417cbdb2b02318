internal import AdapterHost
internal import GatewayFormats
internal import ServiceKit
internal import WireProtocol

/// The API that a client uses, and its translation to and from the provider's adapter.
enum APIDialect: Sendable {
    /// OpenAI's API, which adapters accept unchanged.
    case openAI(AdapterTask)
    /// MLflow 2.5's schema.
    case mlflow25(MLflow25Request, MLflow25RouteType)
    /// Anthropic's Messages API: passed through to providers that support it, and translated to chat completions for the others.
    case messages

    /// The input of an adapter. `body` is set if the bytes of the request can be passed through.
    typealias AdapterInput = (task: AdapterTask, json: JSONObject, body: [UInt8]?)

    /// The adapter input for a request at an endpoint.
    func adapterInput(for request: InferenceRequest, at target: Target) throws -> AdapterInput {
        switch self {
        case .openAI(let task):
            guard target.descriptor.tasks.contains(task) else {
                throw ServiceError.unsupported("The provider \(target.provider) does not support \(task.rawValue).")
            }
            return (task, request.json, request.body)
        case .mlflow25(let request, _):
            let hasCompletions = target.descriptor.tasks.contains(.completions)
            let (task, body) = try request.openAI(
                for: target.provider, completionsAsChat: !hasCompletions || target.provider == "openai",
                maximumOutputTokens: target.maxOutputTokens)
            return (AdapterTask(rawValue: task.rawValue) ?? .chat, body, nil)
        case .messages:
            if target.descriptor.tasks.contains(.messages) { return (.messages, request.json, request.body) }
            return (.chat, try MessagesRequest.openAI(request.json), nil)
        }
    }

    /// An equivalent input for an endpoint that doesn't support `task`; `nil` if there is none.
    func alternative(to task: AdapterTask, of request: InferenceRequest, at target: Target) throws -> AdapterInput? {
        guard case .messages = self, task == .messages, target.descriptor.tasks.contains(.chat) else { return nil }
        return (.chat, try MessagesRequest.openAI(request.json), nil)
    }

    /// The upper bound on the tokens of a request.
    func tokenBound(of request: JSONObject) -> TokenBound {
        switch self {
        case .mlflow25(let request, _): request.bound
        case .openAI(.chat): TokenBound(request, limits: ["max_completion_tokens", "max_tokens"])
        case .openAI(.responses): TokenBound(request, limits: ["max_output_tokens"])
        case .openAI, .messages: TokenBound(request, limits: ["max_tokens"])
        }
    }

    /// Translates a response to the client's format.
    func response(_ bytes: [UInt8], of task: AdapterTask, from target: Target) throws -> [UInt8] {
        switch self {
        case .openAI: return bytes
        case .messages where task == .messages: return bytes
        case .mlflow25(_, let type):
            return JSONValue.object(try MLflow25Response.mlflow25(try Self.object(bytes), for: type, model: target.model)).jsonBytes()
        case .messages: return JSONValue.object(try MessagesResponse.anthropic(try Self.object(bytes))).jsonBytes()
        }
    }

    /// A translator for the events of a stream; `nil` if they pass through unchanged.
    func translator(of task: AdapterTask, for request: InferenceRequest) -> MessagesStream? {
        guard case .messages = self, task != .messages else { return nil }
        return MessagesStream(model: request.route.name)
    }

    private static func object(_ bytes: [UInt8]) throws -> JSONObject {
        do {
            guard let object = try JSONValue(parsing: bytes, limits: .responses).objectValue else {
                throw ServiceError.unreadableResponse("The provider's response is not a JSON object.")
            }
            return object
        } catch let error as JSONSyntaxError {
            throw ServiceError.unreadableResponse(
                "The provider's response \(error.limit == nil ? "is not JSON" : "exceeds a limit"): \(error).")
        }
    }
}

extension APIDialect {
    /// A string that differs between dialects whose responses differ, for cache keys.
    var kind: String {
        switch self {
        case .openAI(let task): task.rawValue
        case .mlflow25(_, let type): "2.5 \(type.rawValue)"
        case .messages: "messages"
        }
    }
}
