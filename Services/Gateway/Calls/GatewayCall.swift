internal import GatewayFormats
internal import PluginHost
internal import ServiceKit
internal import WireProtocol

/// A request of a client, read and checked: what is asked of which route, and by whom.
final class GatewayCall: Sendable {
    let route: Route
    let caller: Caller
    let shape: CallShape
    let streams: Bool
    /// The client's request: a JSON object, as it came and taken apart.
    let body: [UInt8]
    let request: JSONObject
    /// Those of the client's headers that a provider's API may know.
    let headers: [(name: String, value: String)]
    let requestID: String
    /// Milliseconds since 1970.
    let time: Int64
    let began = ContinuousClock.now
    /// Where the memory of the request and its answer is reserved; `nil` without a bound.
    let memory: RequestMemory?

    init(
        route: Route, caller: Caller, shape: CallShape, streams: Bool, body: [UInt8], request: JSONObject,
        headers: [(name: String, value: String)], requestID: String, time: Int64, memory: RequestMemory? = nil
    ) {
        self.route = route
        self.caller = caller
        self.shape = shape
        self.streams = streams
        self.body = body
        self.request = request
        self.headers = headers
        self.requestID = requestID
        self.time = time
        self.memory = memory
    }
}

extension GatewayCall {
    /// Reserves the memory for what an adapter reads from strings of a large request that hold JSON: the arguments and results of tools. They
    /// count as text where the memory of the request itself is reserved.
    ///
    /// - Throws: as `RequestMemory.reserve`.
    func reserveForNestedJSON() throws {
        guard let memory, body.count > largeBody else { return }
        var count = 0
        func add(_ text: String?) {
            let first = text?.utf8.first { !" \t\r\n".utf8.contains($0) }
            guard let text, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return }
            count += JSONFootprint(of: text.utf8, maximumNodes: JSONLimits.standard.maximumNodes).memory
        }
        for message in request["messages"]?.arrayValue ?? [] {
            for tool in message["tool_calls"]?.arrayValue ?? [] { add(tool["function"]?["arguments"]?.stringValue) }
            guard message["role"] == "tool" else { continue }
            add(message["content"]?.stringValue)
            for part in message["content"]?.arrayValue ?? [] { add(part["text"]?.stringValue) }
        }
        if count > 0 { try memory.reserve(count) }
    }
}

/// The API that a client speaks, and how it is brought to the provider's adapter and back.
enum CallShape: Sendable {
    /// As the adapter takes it.
    case plain(AdapterTask)
    /// MLflow 2.5's schema.
    case mlflow25(MLflow25Request, MLflow25RouteType)
    /// Anthropic's messages: passed to providers that have them, a chat for the others.
    case messages

    /// What an adapter is asked; with the bytes of the request where they are just that.
    typealias Prepared = (task: AdapterTask, request: JSONObject, body: [UInt8]?)

    /// What an endpoint is asked.
    func request(of call: GatewayCall, for target: Target) throws -> Prepared {
        switch self {
        case .plain(let task):
            guard target.facts.tasks.contains(task) else {
                throw GatewayError.unsupported("The provider \(target.provider) can't do \(task.rawValue).")
            }
            return (task, call.request, call.body)
        case .mlflow25(let request, _):
            let hasCompletions = target.facts.tasks.contains(.completions)
            do {
                let (task, body) = try request.openAI(
                    for: target.provider, completionsAsChat: !hasCompletions || target.provider == "openai",
                    maximumOutputTokens: target.maxOutputTokens)
                return (AdapterTask(rawValue: task.rawValue) ?? .chat, body, nil)
            } catch {
                throw GatewayError(error)
            }
        case .messages:
            if target.facts.tasks.contains(.messages) { return (.messages, call.request, call.body) }
            return (.chat, try MessagesRequest.openAI(call.request), nil)
        }
    }

    /// Another way to ask for the same, when an endpoint doesn't know the first; `nil` if there's none.
    func alternative(to task: AdapterTask, of call: GatewayCall, for target: Target) throws -> Prepared? {
        guard case .messages = self, task == .messages, target.facts.tasks.contains(.chat) else { return nil }
        return (.chat, try MessagesRequest.openAI(call.request), nil)
    }

    /// The most tokens that a request can need.
    func bound(of request: JSONObject) -> TokenBound {
        switch self {
        case .mlflow25(let request, _): request.bound
        case .plain(.chat): TokenBound(request, limits: ["max_completion_tokens", "max_tokens"])
        case .plain(.responses): TokenBound(request, limits: ["max_output_tokens"])
        case .plain, .messages: TokenBound(request, limits: ["max_tokens"])
        }
    }

    /// The answer as the client expects it.
    func answer(_ bytes: [UInt8], of task: AdapterTask, from target: Target) throws -> [UInt8] {
        switch self {
        case .plain: return bytes
        case .messages where task == .messages: return bytes
        case .mlflow25(_, let type):
            do {
                return JSONValue.object(try MLflow25Answer.mlflow25(try Self.object(bytes), for: type, model: target.model)).jsonBytes()
            } catch let error as MLflow25Error {
                throw GatewayError(error)
            }
        case .messages: return JSONValue.object(try MessagesAnswer.anthropic(try Self.object(bytes))).jsonBytes()
        }
    }

    /// A translator for the events of a stream; `nil` where they pass as they are.
    func translator(of task: AdapterTask, for call: GatewayCall) -> MessagesStream? {
        guard case .messages = self, task != .messages else { return nil }
        return MessagesStream(model: call.route.name)
    }

    private static func object(_ bytes: [UInt8]) throws -> JSONObject {
        do {
            guard let object = try JSONValue(parsing: bytes, limits: .answers).objectValue else {
                throw GatewayError.unreadableAnswer("The provider's answer is not a JSON object.")
            }
            return object
        } catch let error as JSONSyntaxError {
            throw GatewayError.unreadableAnswer("The provider's answer \(error.limit == nil ? "is not JSON" : "exceeds a limit"): \(error).")
        }
    }
}

extension GatewayError {
    init(_ error: MLflow25Error) {
        self.init(
            status: error.status, type: "invalid_request_error", message: ErrorMessage(error.detail.stringValue ?? "The request is not valid."),
            detail: error.detail)
    }
}

extension CallShape {
    /// Tells shapes apart whose answers differ.
    var kind: String {
        switch self {
        case .plain(let task): task.rawValue
        case .mlflow25(_, let type): "2.5 \(type.rawValue)"
        case .messages: "messages"
        }
    }
}
