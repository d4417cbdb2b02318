internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import Logging
internal import ServiceKit
internal import WireProtocol

/// A parsed and validated request of a client, with its route and caller.
final class InferenceRequest: Sendable {
    let route: Route
    let caller: Caller
    let dialect: APIDialect
    let streams: Bool
    /// The raw request body.
    let body: [UInt8]
    /// The parsed request body.
    let json: JSONObject
    /// Client headers that are forwarded to the provider.
    let headers: [(name: String, value: String)]
    let requestID: String
    /// The request's span in the client's trace; `nil` if the client sent none.
    let span: RequestSpan?
    /// Milliseconds since 1970.
    let time: Int64
    let began = ContinuousClock.now
    /// The memory reservation of the request and its response; `nil` if memory is unbounded.
    let memory: RequestMemory?

    init(
        route: Route, caller: Caller, dialect: APIDialect, streams: Bool, body: [UInt8], json: JSONObject,
        headers: [(name: String, value: String)], requestID: String, span: RequestSpan? = nil, time: Int64,
        memory: RequestMemory? = nil
    ) {
        self.route = route
        self.caller = caller
        self.dialect = dialect
        self.streams = streams
        self.body = body
        self.json = json
        self.headers = headers
        self.requestID = requestID
        self.span = span
        self.time = time
        self.memory = memory
    }
}

extension InferenceRequest {
    /// The metadata of a log line about the request.
    func logMetadata(_ more: Logger.Metadata) -> Logger.Metadata { .request(requestID, span?.parent, more) }

    /// Reserves memory for the JSON that an adapter parses from strings of a large request: the arguments and results of tools. The
    /// reservation of the request itself counts these as plain strings.
    ///
    /// - Throws: the errors of `RequestMemory.reserve`.
    func reserveMemoryForNestedJSON() throws {
        guard let memory, body.count > largeBodyThreshold else { return }
        var count = 0
        func add(_ text: String?) {
            let first = text?.utf8.first { !" \t\r\n".utf8.contains($0) }
            guard let text, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return }
            count += JSONFootprint(of: text.utf8, maximumNodes: JSONLimits.standard.maximumNodes).memory
        }
        for message in json["messages"]?.arrayValue ?? [] {
            for tool in message["tool_calls"]?.arrayValue ?? [] { add(tool["function"]?["arguments"]?.stringValue) }
            guard message["role"] == "tool" else { continue }
            add(message["content"]?.stringValue)
            for part in message["content"]?.arrayValue ?? [] { add(part["text"]?.stringValue) }
        }
        if count > 0 { try memory.reserve(count) }
    }
}
