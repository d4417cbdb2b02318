package import JSON
internal import PluginABI

/// A model of a provider: turns requests of OpenAI's API into the provider's, and answers, errors and streams back.
///
/// The Swift form of `unladen_adapter.h`, which says what each part must do. An adapter computes only: it opens no socket or file
/// and reads no clock and no environment.
package protocol Adapter: Sendable {
    /// The providers that it speaks for.
    static var providers: [ProviderDescription] { get }

    /// Checks a configuration.
    ///
    /// - Throws: `AdapterError.misconfigured` that names the key that is wrong.
    init(_ configuration: EndpointConfiguration) throws(AdapterError)

    /// The request for the provider.
    func encode(_ call: borrowing Call) throws(AdapterError) -> ProviderRequest

    /// A whole answer with a status of 2xx.
    func decode(_ answer: ProviderAnswer, of call: borrowing Call) throws(AdapterError) -> DecodedAnswer

    /// What a whole answer with a status of 2xx says that was used, also one that `decode` can't pass on: the provider bills it all the
    /// same.
    func usage(in answer: ProviderAnswer, of call: borrowing Call) -> Usage?

    /// A whole answer with another status, whose body may be anything.
    func decodeError(_ answer: ProviderAnswer, of call: borrowing Call) -> ProviderError

    /// A reader for the stream that answers the call.
    func stream(of call: borrowing Call, head: ProviderAnswer) throws(AdapterError) -> any StreamDecoder
}

/// Reads a provider's stream, pushed in pieces that may be cut anywhere.
package protocol StreamDecoder {
    /// Takes the next bytes and emits what they complete.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError)

    /// The provider has closed the stream: emits what is left.
    mutating func finish(_ output: StreamOutput) throws(AdapterError)
}

/// What is asked of a provider.
package enum AdapterTask: UInt32, Sendable, CaseIterable {
    case chat = 1, completions, embeddings, responses, messages

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

/// Why an adapter can't do what it was asked; the texts are shown to clients and, but for a provider's own, hold no secrets.
package enum AdapterError: Error, Equatable {
    /// The request is wrong.
    case invalid(ErrorMessage)
    /// The provider can't do it.
    case unsupported(ErrorMessage)
    case misconfigured(ErrorMessage)
    /// The provider's bytes make no sense.
    case malformed(ErrorMessage)
    /// The provider's answer is an error, although its status says otherwise.
    case failed(ProviderError)
}

/// The configuration of an endpoint: its provider, its model, and the provider's keys with the secrets in place.
package struct EndpointConfiguration: Sendable {
    package var provider: String
    package var model: String
    package var config: JSONObject

    package init(provider: String, model: String, config: JSONObject) {
        self.provider = provider
        self.model = model
        self.config = config
    }

    /// The text under a key, `nil` when it is absent, null or empty.
    package func string(_ key: String) throws(AdapterError) -> String? {
        switch config[key] {
        case nil, .null, .string(""): return nil
        case .string(let text):
            // Such a text must not get into a header or an URL, nor into the error of who refuses it there.
            guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw .misconfigured("'\(key)' has a control character, such as a line break")
            }
            return text
        default: throw .misconfigured("'\(key)' must be a text")
        }
    }

    /// The text under a key that must be there.
    package func requiredString(_ key: String) throws(AdapterError) -> String {
        guard let text = try string(key) else { throw .misconfigured("'\(key)' is missing") }
        return text
    }

    /// The model, where it is to stand in the path of an URL.
    package func modelInPath() throws(AdapterError) -> String {
        guard !model.isEmpty, model.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/?#%:\\".utf8.contains($0) }), model != ".." else {
            throw .misconfigured("'\(model)' is not a model name")
        }
        return model
    }

    /// The base URL under a key, without a slash at its end.
    package func baseURL(_ key: String, default standard: String? = nil) throws(AdapterError) -> String {
        guard let text = try string(key) ?? standard else { throw .misconfigured("'\(key)' is missing") }
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || "?#".utf8.contains($0) })
        else { throw .misconfigured("'\(key)' must be a URL that begins with https:// or http://, without '?' and '#'") }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }
}

/// One call, as `unladen_call` has it; valid while the function runs that it was passed to.
package struct Call: ~Copyable {
    package let task: AdapterTask
    /// Whether the client wants a stream.
    package let streams: Bool
    /// Seconds since 1970.
    package let time: Int64
    let raw: unladen_call

    /// Names the answer where the provider doesn't.
    package var identifier: String { raw.identifier.text }

    /// The client's request, taken apart at each call: decoding an answer seldom needs it.
    package func request() throws(AdapterError) -> JSONObject { try raw.body.object("the request") }

    /// Calls `body` with the members of the client's request as they stand in its bytes, and with these.
    func withMembers<Result>(
        _ body: ([(name: String, value: Range<Int>)], UnsafeBufferPointer<UInt8>) throws(AdapterError) -> Result
    ) throws(AdapterError) -> Result {
        try raw.body.withMembers("the request", body)
    }

    /// Secrets that don't stand in the configuration.
    package func credentials() throws(AdapterError) -> JSONObject { try raw.credentials.object("credentials") }

    /// Those of the client's headers that the provider may know, with names in lower case.
    package func headers() throws(AdapterError) -> [HTTPHeader] { try raw.headers.headers() }
}

package struct HTTPHeader: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// `[["name", "value"], …]`; none when there are no bytes.
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

/// A request for a provider.
package struct ProviderRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]

    /// A POST of JSON.
    package init(_ url: String, headers: [HTTPHeader], body: JSONObject) {
        self.init(url, headers: headers, json: JSONValue.object(body).jsonBytes())
    }

    /// A POST of what is JSON already.
    package init(_ url: String, headers: [HTTPHeader], json: [UInt8]) {
        method = "POST"
        self.url = url
        self.headers = [HTTPHeader("content-type", "application/json")] + headers
        body = json
    }
}

extension ProviderRequest {
    /// All but the body, as the interface passes it.
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

/// A provider's answer: its head, and its body unless it is a stream.
package struct ProviderAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]
    private let rawHeaders: [UInt8]

    /// - Parameter rawHeaders: `[["name", "value"], …]`.
    init(status: Int, rawHeaders: [UInt8], body: [UInt8]) {
        self.status = status
        self.body = body
        self.rawHeaders = rawHeaders
    }

    /// With names in lower case; taken apart at each call: few answers are read for them.
    package var headers: [HTTPHeader] { (try? HTTPHeader.list(rawHeaders)) ?? [] }

    /// The body as a JSON object of which only some members are kept; the others are JSON, too.
    package func object(members: [String]) throws(AdapterError) -> JSONObject {
        let object: JSONObject?
        do {
            object = try JSONObject(parsing: body, members: members, limits: .answers)
        } catch {
            throw Self.unreadable(error)
        }
        guard let object else { throw .malformed("the answer is not a JSON object") }
        return object
    }

    /// The body as a JSON object of which only some members are kept, and whether another member is an array. One pass over the body.
    package func object(members: [String], array name: String) throws(AdapterError) -> (object: JSONObject, hasArray: Bool) {
        let read: Result<(JSONObject, Bool)?, JSONSyntaxError> = body.withUnsafeBufferPointer { bytes in
            do throws(JSONSyntaxError) {
                guard let spans = try JSONValue.members(of: bytes, limits: .answers) else { return .success(nil) }
                var object = JSONObject()
                for span in spans where members.contains(span.name) {
                    let value = try JSONValue(parsing: UnsafeBufferPointer(rebasing: bytes[span.value]), limits: .answers)
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
        guard let found else { throw .malformed("the answer is not a JSON object") }
        return found
    }

    /// The body as a JSON object.
    package func object() throws(AdapterError) -> JSONObject {
        guard let object = try json().objectValue else { throw .malformed("the answer is not a JSON object") }
        return object
    }

    /// The body as JSON.
    package func json() throws(AdapterError) -> JSONValue {
        do {
            return try JSONValue(parsing: body, limits: .answers)
        } catch {
            throw Self.unreadable(error)
        }
    }

    private static func unreadable(_ error: JSONSyntaxError) -> AdapterError {
        error.limit == nil ? .malformed("the answer is not JSON: \(error)") : .malformed("the answer exceeds a limit: \(error)")
    }
}

/// What an answer comes to.
package struct DecodedAnswer: Sendable {
    /// JSON of the task's API.
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

/// An error in a provider's words, as OpenAI's errors have it. Only the host may cut it: it knows the secrets that may stand in it, and
/// recognizes whole ones only.
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

    /// More than the host looks at.
    private static let longestText = 256 << 10

    /// The error of an answer that isn't what the provider's documentation says: from a proxy before it, say.
    package init(undocumented answer: ProviderAnswer) {
        let text = answer.body.prefix(Self.longestText).drop { $0 <= UInt8(ascii: " ") }
        guard let first = text.first, first != UInt8(ascii: "<") else {
            self.init("the provider answered with status \(answer.status)")
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
