internal import JSON
package import PluginHost
internal import Primitives

/// Runs a vector of a self-test on an adapter: compares requests, responses, errors and streams with the expected ones, in the format
/// that `unladen_adapter.h` specifies.
package struct AdapterProbe {
    private let vector: TestVector
    private let call: AdapterCall
    private let endpoint: AdapterEndpoint

    /// The ways in which a stream is split.
    package enum StreamChunking: Sendable {
        /// Not at all, and into single bytes.
        case coarse
        /// In addition, into two parts at every byte.
        case everyOffset
    }

    /// Opens the vector's endpoint.
    package init(_ vector: TestVector, on adapter: LoadedAdapter) throws {
        guard let task = vector["task"]?.stringValue.flatMap(AdapterTask.init), let configuration = vector["configuration"] else {
            throw vector.failure("it has no task or no configuration")
        }
        self.vector = vector
        call = AdapterCall(
            task: task, streams: vector["stream"]?.arrayValue != nil || vector["stream"] == true,
            time: vector["time"]?.integerValue ?? 0,
            identifier: vector["identifier"]?.stringValue ?? "id", body: (vector["body"] ?? [:]).jsonBytes(),
            credentials: vector["credentials"]?.jsonBytes() ?? [], headers: Self.headers(vector["headers"]))
        do {
            endpoint = try adapter.endpoint(
                provider: configuration["provider"]?.stringValue ?? "", model: configuration["model"]?.stringValue ?? "",
                config: configuration["config"]?.objectValue ?? [:])
        } catch {
            throw vector.failure("the adapter rejects the configuration: \(error.message)")
        }
    }

    /// Runs the vector.
    ///
    /// - Throws: `PluginError` for the first difference.
    package func run(chunking: StreamChunking) throws {
        if let status = vector["status"]?.stringValue { return try checkRejection(status) }
        guard ["request", "response"].contains(where: { vector[$0] != nil }) || vector["stream"]?.arrayValue != nil else {
            throw vector.failure("it tests nothing: it needs 'request', 'response', 'status' or the bytes of a 'stream'")
        }
        if let request = vector["request"] { try checkRequest(request) }
        if let response = vector["response"] {
            let response = Self.response(response)
            if (200..<300).contains(response.status) { try checkResponse(response) } else { try checkError(response) }
        }
        guard let pieces = vector["stream"]?.arrayValue else { return }
        let bytes = pieces.flatMap(Self.bytes)
        try checkStream([bytes[...]], "whole")
        try checkStream(bytes.indices.map { bytes[$0...$0] }, "byte by byte")
        guard chunking == .everyOffset else { return }
        for cut in bytes.indices.dropFirst() { try checkStream([bytes[..<cut], bytes[cut...]], "cut at byte \(cut)") }
    }

    private func checkRejection(_ status: String) throws {
        do {
            _ = try endpoint.encode(call)
        } catch {
            return try vector.expect(.string(error.kind.rawValue), .string(status), "status")
        }
        throw vector.failure("the adapter accepts a call that it should reject")
    }

    private func checkRequest(_ expected: JSONValue) throws {
        let request = try attempt { () throws(AdapterFailure) in try endpoint.encode(call) }
        try vector.expect(.string(request.method), expected["method"] ?? "POST", "method")
        if let url = expected["url"] { try vector.expect(.string(request.url), url, "url") }
        for (key, value) in Self.headers(expected["headers"])
        where !request.headers.contains(where: { $0.name == key && $0.value == value }) {
            throw vector.failure("the request lacks the header \(key)")
        }
        if let body = expected["body"] { try vector.expect(try parsed(request.body), body, "body") }
    }

    private func checkResponse(_ response: ProviderResponse) throws {
        if let status = vector["response_status"] { return try checkUnreadable(response, status) }
        let decoded = try attempt { () throws(AdapterFailure) in try endpoint.decode(response, of: call) }
        if let result = vector["result"] { try vector.expect(try parsed(decoded.body), result, "result") }
        try expectUsage(decoded.usage)
    }

    private func checkUnreadable(_ response: ProviderResponse, _ status: JSONValue) throws {
        do {
            _ = try endpoint.decode(response, of: call)
        } catch {
            try vector.expect(.string(error.kind.rawValue), status, "status of the response")
            return try expectUsage(error.usage)
        }
        throw vector.failure("the adapter accepts a response that it should reject")
    }

    private func checkError(_ response: ProviderResponse) throws {
        let error = try attempt { () throws(AdapterFailure) in try endpoint.decodeError(response, of: call) }
        try vector.expect(Self.json(error), vector["error"] ?? .null, "error")
    }

    private func checkStream(_ pieces: [ArraySlice<UInt8>], _ how: String) throws {
        let events = try attempt { () throws(AdapterFailure) in
            let stream = try endpoint.stream(of: call, head: ProviderResponse(status: 200))
            var events: [AdapterStream.Event] = []
            for piece in pieces { try stream.feed(piece, into: &events) }
            try stream.finish(into: &events)
            return events
        }
        var data: [JSONValue] = []
        var usage: TokenUsage?
        var error: JSONValue = .null
        var isAtEnd = false
        for event in events {
            guard !isAtEnd, error == .null else { throw vector.failure("stream \(how): the adapter emits something after the end") }
            switch event {
            case .data(let bytes, let name):
                let value = try parsed(bytes)
                data.append(name.map { ["event": .string($0), "data": value] } ?? value)
            case .usage(let next): usage = next.filled(from: usage)
            case .error(let last): error = Self.json(last)
            case .end: isAtEnd = true
            }
        }
        try vector.expect(.array(data), vector["events"] ?? [], "events, stream \(how)")
        try vector.expect(error, vector["error"] ?? .null, "error, stream \(how)")
        try expectUsage(usage)
        let isWhole = vector["error"] == nil && vector["cut_off"] != true
        if isWhole, !isAtEnd { throw vector.failure("stream \(how): the adapter doesn't emit the end") }
    }

    private func expectUsage(_ usage: TokenUsage?) throws {
        guard let expected = vector["usage"] else { return }
        guard usage == TokenUsage(expected) else {
            throw vector.failure("the usage is \(usage.map { "\($0)" } ?? "missing"), but should be \(expected.jsonString)")
        }
    }

    private func attempt<Result>(_ body: () throws(AdapterFailure) -> Result) throws -> Result {
        do { return try body() } catch { throw vector.failure("\(error.kind.rawValue): \(error.message)") }
    }

    private func parsed(_ bytes: [UInt8]) throws -> JSONValue {
        do { return try JSONValue(parsing: bytes) } catch { throw vector.failure("the adapter emits invalid JSON: \(error)") }
    }

    private static func json(_ error: ProviderError) -> JSONValue {
        var object: JSONObject = ["message": .string(error.message)]
        if let type = error.type { object["type"] = .string(type) }
        if let code = error.code { object["code"] = code }
        if let param = error.param { object["param"] = .string(param) }
        return .object(object)
    }

    private static func response(_ json: JSONValue) -> ProviderResponse {
        let body = json["body"]?.jsonBytes() ?? bytes(json["text"] ?? "")
        return ProviderResponse(status: Int(json["status"]?.integerValue ?? 200), headers: headers(json["headers"]), body: body)
    }

    private static func headers(_ json: JSONValue?) -> [(name: String, value: String)] {
        (json?.arrayValue ?? []).compactMap { pair in
            guard let pair = pair.arrayValue, pair.count == 2, let name = pair[0].stringValue, let value = pair[1].stringValue else {
                return nil
            }
            return (name, value)
        }
    }

    private static func bytes(_ piece: JSONValue) -> [UInt8] {
        guard let text = piece.stringValue else { return [] }
        guard text.hasPrefix("base64:") else { return Array(text.utf8) }
        return Base64.decode(String(text.dropFirst(7))) ?? []
    }
}
