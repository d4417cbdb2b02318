package import JSON
internal import PluginABI

/// A provider's model: translates requests of OpenAI's API into the provider's API, and the provider's responses, errors and streams
/// back.
///
/// The Swift counterpart of `unladen_adapter.h`, which specifies each part. An adapter is a pure transform: it opens no sockets or
/// files, and reads neither the clock nor the environment.
package protocol Adapter: Sendable {
    /// The providers that the adapter supports.
    static var providers: [ProviderDescription] { get }

    /// Checks a configuration.
    ///
    /// - Throws: `AdapterError.misconfigured` with the name of the invalid key.
    init(_ configuration: EndpointConfiguration) throws(AdapterError)

    /// Translates a call into the provider's request.
    func encode(_ call: borrowing AdapterCall) throws(AdapterError) -> ProviderRequest

    /// Translates a complete response with a 2xx status.
    func decode(_ response: ProviderResponse, of call: borrowing AdapterCall) throws(AdapterError) -> DecodedResponse

    /// Returns the usage that a complete response with a 2xx status reports, even if `decode` rejects the response: the provider bills it
    /// anyway.
    func usage(in response: ProviderResponse, of call: borrowing AdapterCall) -> Usage?

    /// Translates a complete response with any other status. Its body may be anything.
    func decodeError(_ response: ProviderResponse, of call: borrowing AdapterCall) -> ProviderError

    /// Returns a decoder for the call's response stream.
    func stream(of call: borrowing AdapterCall, head: ProviderResponse) throws(AdapterError) -> any StreamDecoder
}

/// A push decoder for a provider's stream, which may be split anywhere.
package protocol StreamDecoder {
    /// Consumes the next bytes and emits the events that they complete.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError)

    /// Emits the remaining events after the provider has closed the stream.
    mutating func finish(_ output: StreamOutput) throws(AdapterError)
}

/// The API operation that a call requests. The raw values are those of `unladen_task`.
package enum AdapterTask: UInt32, Sendable, CaseIterable {
    case chat = 1
    case completions, embeddings, responses, messages

    /// The name in descriptions and self-tests.
    package var name: String {
        switch self {
        case .chat: "chat"
        case .completions: "completions"
        case .embeddings: "embeddings"
        case .responses: "responses"
        case .messages: "messages"
        }
    }
}

/// A failure of an adapter. Clients see the messages, so they contain no secrets; only a provider's own message might.
package enum AdapterError: Error, Equatable {
    /// The request is invalid.
    case invalid(ErrorMessage)
    /// The provider doesn't support the request.
    case unsupported(ErrorMessage)
    /// The configuration is invalid.
    case misconfigured(ErrorMessage)
    /// The provider's response can't be decoded.
    case malformed(ErrorMessage)
    /// The provider's response is an error, although its status indicates success.
    case failed(ProviderError)
}

/// The configuration of an endpoint: its provider, its model, and the provider's keys with resolved secrets.
package struct EndpointConfiguration: Sendable {
    package var provider: String
    package var model: String
    package var config: JSONObject

    package init(provider: String, model: String, config: JSONObject) {
        self.provider = provider
        self.model = model
        self.config = config
    }

    /// The string under a key, `nil` when it is absent, null or empty.
    package func string(_ key: String) throws(AdapterError) -> String? {
        switch config[key] {
        case nil, .null, .string(""): return nil
        case .string(let text):
            // It must not get into a header or URL, nor into the error message of a component that rejects it there.
            guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw .misconfigured("'\(key)' must not contain control characters, such as line breaks")
            }
            return text
        default: throw .misconfigured("'\(key)' must be a string")
        }
    }

    /// The string under a required key.
    package func requiredString(_ key: String) throws(AdapterError) -> String {
        guard let text = try string(key) else { throw .misconfigured("'\(key)' is missing") }
        return text
    }

    /// The model, checked to be usable in the path of a URL.
    package func modelInPath() throws(AdapterError) -> String {
        guard !model.isEmpty, model.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#%:\\".utf8.contains($0) }), model != ".." else {
            throw .misconfigured("'\(model)' is not a valid model name")
        }
        return model
    }

    /// The base URL under a key, without trailing slashes.
    package func baseURL(_ key: String, default defaultValue: String? = nil) throws(AdapterError) -> String {
        guard let text = try string(key) ?? defaultValue else { throw .misconfigured("'\(key)' is missing") }
        guard text.hasPrefix("https://") || text.hasPrefix("http://"),
            !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || "?#".utf8.contains($0) })
        else { throw .misconfigured("'\(key)' must be a URL that begins with https:// or http:// and contains no '?' or '#'") }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }
}

/// One call, as in `unladen_call`. It is valid only during the function call that it was passed to.
package struct AdapterCall: ~Copyable {
    package let task: AdapterTask
    /// Whether the client requests a stream.
    package let streams: Bool
    /// Seconds since 1970.
    package let time: Int64
    let raw: unladen_call

    /// The ID of the response if the provider doesn't assign one.
    package var identifier: String { raw.identifier.text }

    /// The client's request. Parsed on each call, because decoding a response rarely needs it.
    package func request() throws(AdapterError) -> JSONObject { try raw.body.object("the request") }

    /// Calls `body` with the names and value ranges of the client's request, and with the request's bytes.
    func withMembers<Result>(
        _ body: ([(name: String, value: Range<Int>)], UnsafeBufferPointer<UInt8>) throws(AdapterError) -> Result
    ) throws(AdapterError) -> Result {
        try raw.body.withMembers("the request", body)
    }

    /// Temporary secrets that are not part of the configuration.
    package func credentials() throws(AdapterError) -> JSONObject { try raw.credentials.object("credentials") }

    /// The client's headers that the provider may understand, with lowercase names.
    package func headers() throws(AdapterError) -> [HTTPHeader] { try raw.headers.headers() }
}

/// A header of an HTTP request or response.
package struct HTTPHeader: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Parses `[["name", "value"], …]`; returns no headers when there are no bytes.
    static func list(_ json: some Collection<UInt8>) throws(AdapterError) -> [HTTPHeader] {
        guard !json.isEmpty else { return [] }
        guard case .array(let pairs)? = try? JSONValue(parsing: json) else { throw .invalid("the headers are not a JSON array") }
        return pairs.compactMap { pair in
            guard let pair = pair.arrayValue, pair.count == 2, let name = pair[0].stringValue, let value = pair[1].stringValue
            else { return nil }
            return HTTPHeader(name, value)
        }
    }
}

/// An HTTP request for a provider.
package struct ProviderRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    /// Creates a POST request with a JSON object.
    package init(_ url: String, headers: [HTTPHeader], body: JSONObject) {
        self.init(url, headers: headers, json: JSONValue.object(body).jsonBytes())
    }

    /// Creates a POST request with serialized JSON.
    package init(_ url: String, headers: [HTTPHeader], json: [UInt8]) {
        method = "POST"
        self.url = url
        self.headers = [HTTPHeader("content-type", "application/json")] + headers
        body = json
    }
}

extension ProviderRequest {
    /// The request without its body, as JSON for `UNLADEN_OUT_REQUEST`.
    var head: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("method", method)
            json.field("url", url)
            json.name("headers")
            json.array { json in
                for header in headers {
                    json.array { json in
                        json.string(header.name)
                        json.string(header.value)
                    }
                }
            }
        }
        return json.bytes
    }
}

/// A provider's response: its head and, unless it is a stream, its body.
package struct ProviderResponse: Sendable {
    package let status: Int
    package let body: [UInt8]
    private let rawHeaders: [UInt8]

    /// - Parameter rawHeaders: `[["name", "value"], …]`.
    init(status: Int, rawHeaders: [UInt8], body: [UInt8]) {
        self.status = status
        self.body = body
        self.rawHeaders = rawHeaders
    }

    /// The headers, with lowercase names. Parsed on each access, because few responses need them.
    package var headers: [HTTPHeader] { (try? HTTPHeader.list(rawHeaders)) ?? [] }

    /// The body as a JSON object, limited to some of its members; the others are only validated.
    package func object(members: [String]) throws(AdapterError) -> JSONObject {
        let object: JSONObject?
        do {
            object = try JSONObject(parsing: body, members: members, limits: .responses)
        } catch {
            throw Self.unreadable(error)
        }
        guard let object else { throw .malformed("the response is not a JSON object") }
        return object
    }

    /// The body as a JSON object with only the given members, and whether the member `name` is an array. Reads the body once.
    package func object(members: [String], array name: String) throws(AdapterError) -> (object: JSONObject, hasArray: Bool) {
        let read: Result<(JSONObject, Bool)?, JSONSyntaxError> = body.withUnsafeBufferPointer { bytes in
            do throws(JSONSyntaxError) {
                guard let spans = try JSONValue.members(of: bytes, limits: .responses) else { return .success(nil) }
                var object = JSONObject()
                for span in spans where members.contains(span.name) {
                    let value = try JSONValue(parsing: UnsafeBufferPointer(rebasing: bytes[span.value]), limits: .responses)
                    object.members.append(.init(name: span.name, value: value))
                }
                return .success((object, spans.contains { $0.name == name && bytes[$0.value].first == UInt8(ascii: "[") }))
            } catch {
                return .failure(error)
            }
        }
        let found: (JSONObject, Bool)?
        do {
            found = try read.get()
        } catch {
            throw Self.unreadable(error)
        }
        guard let found else { throw .malformed("the response is not a JSON object") }
        return found
    }

    /// The body as a JSON object.
    package func object() throws(AdapterError) -> JSONObject {
        guard let object = try json().objectValue else { throw .malformed("the response is not a JSON object") }
        return object
    }

    /// The body as JSON.
    package func json() throws(AdapterError) -> JSONValue {
        do {
            return try JSONValue(parsing: body, limits: .responses)
        } catch {
            throw Self.unreadable(error)
        }
    }

    private static func unreadable(_ error: JSONSyntaxError) -> AdapterError {
        error.limit == nil ? .malformed("the response is not valid JSON: \(error)") : .malformed("the response exceeds a limit: \(error)")
    }
}

/// A response translated for the client.
package struct DecodedResponse: Sendable {
    /// JSON in the format of the task's API.
    package var body: [UInt8]
    package var usage: Usage?

    package init(body: [UInt8], usage: Usage?) {
        self.body = body
        self.usage = usage
    }

    package init(_ body: JSONObject, usage: Usage?) {
        self.init(body: JSONValue.object(body).jsonBytes(), usage: usage)
    }
}

/// A provider's own error, with the members of OpenAI's errors. Only the host may truncate it: the message may contain secrets, which
/// the host can recognize only if they are complete.
package struct ProviderError: Sendable, Equatable {
    package var message: String
    package var type: String?
    package var code: JSONValue?
    package var param: String?

    package init(_ message: String, type: String? = nil, code: JSONValue? = nil, param: String? = nil) {
        self.message = message
        self.type = type
        self.code = code
        self.param = param
    }

    /// In bytes; longer than any message that the host processes.
    private static let maximumTextLength = 256 << 10

    /// Creates an error from a response in an undocumented format, for example from a proxy in front of the provider.
    package init(undocumented response: ProviderResponse) {
        let text = response.body.prefix(Self.maximumTextLength).drop { $0 <= UInt8(ascii: " ") }
        guard let first = text.first, first != UInt8(ascii: "<") else {
            self.init("the provider responded with status \(response.status)")
            return
        }
        self.init(String(decoding: text, as: UTF8.self))
    }

    var json: JSONObject {
        var object: JSONObject = ["message": .string(message)]
        if let type { object["type"] = .string(type) }
        if let code { object["code"] = code }
        if let param { object["param"] = .string(param) }
        return object
    }
}
