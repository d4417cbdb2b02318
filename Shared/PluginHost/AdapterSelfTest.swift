internal import Foundation
package import JSON

/// An adapter's self-test: the expected results for requests, responses, errors and streams, in the format that `unladen_adapter.h`
/// specifies.
package struct AdapterSelfTest: Sendable {
    package var vectors: [JSONValue]

    /// Reads the vectors from a file of at most 4 MiB.
    package init(path: String) throws {
        let data = try PluginFile.read(path, limit: 4 << 20)
        let json: JSONValue
        do { json = try JSONValue(parsing: data) } catch { throw PluginError("the vectors file is not valid JSON: \(error)") }
        guard let vectors = json["vectors"]?.arrayValue, !vectors.isEmpty else { throw PluginError("the vectors file contains no vectors") }
        self.vectors = vectors
    }

    /// Runs all vectors. Feeds each stream at once, and byte by byte.
    ///
    /// - Throws: `PluginError` for the first vector that fails.
    package func run(on adapter: LoadedAdapter) throws {
        for vector in vectors { try Check(vector, adapter).run(chunking: .coarse) }
    }

    /// The ways in which a stream is split.
    package enum StreamChunking: Sendable {
        /// Not at all, and into single bytes.
        case coarse
        /// In addition, into two parts at every byte.
        case everyOffset
    }

    /// Runs one vector.
    package static func run(_ vector: JSONValue, on adapter: LoadedAdapter, chunking: StreamChunking) throws {
        try Check(vector, adapter).run(chunking: chunking)
    }

    /// Runs a vector on an adapter.
    private struct Check {
        let vector: JSONValue
        let name: String
        let call: AdapterCall
        let endpoint: AdapterEndpoint

        init(_ vector: JSONValue, _ adapter: LoadedAdapter) throws {
            self.vector = vector
            name = vector["name"]?.stringValue ?? "unnamed"
            guard let task = vector["task"]?.stringValue.flatMap(AdapterTask.init), let configuration = vector["configuration"] else {
                throw PluginError("self-test '\(name)' has no task or no configuration")
            }
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
                throw PluginError("self-test '\(name)': the adapter rejects the configuration: \(error.message)")
            }
        }

        func run(chunking: StreamChunking) throws {
            if let status = vector["status"]?.stringValue { return try checkRejection(status) }
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
                return try expect(JSONValue.string(error.kind.rawValue), .string(status), "status")
            }
            throw PluginError("self-test '\(name)': the adapter accepts a call that it should reject")
        }

        private func checkRequest(_ expected: JSONValue) throws {
            let request = try attempt { () throws(AdapterFailure) in try endpoint.encode(call) }
            try expect(.string(request.method), expected["method"] ?? "POST", "method")
            if let url = expected["url"] { try expect(.string(request.url), url, "url") }
            for (key, value) in Self.headers(expected["headers"])
            where !request.headers.contains(where: { $0.name == key && $0.value == value }) {
                throw PluginError("self-test '\(name)': the request lacks the header \(key)")
            }
            if let body = expected["body"] { try expect(try parsed(request.body), body, "body") }
        }

        private func checkResponse(_ response: ProviderResponse) throws {
            if let status = vector["response_status"] { return try checkUnreadable(response, status) }
            let decoded = try attempt { () throws(AdapterFailure) in try endpoint.decode(response, of: call) }
            if let result = vector["result"] { try expect(try parsed(decoded.body), result, "result") }
            try expectUsage(decoded.usage)
        }

        private func checkUnreadable(_ response: ProviderResponse, _ status: JSONValue) throws {
            do {
                _ = try endpoint.decode(response, of: call)
            } catch {
                try expect(.string(error.kind.rawValue), status, "status of the response")
                return try expectUsage(error.usage)
            }
            throw PluginError("self-test '\(name)': the adapter accepts a response that it should reject")
        }

        private func checkError(_ response: ProviderResponse) throws {
            let error = try attempt { () throws(AdapterFailure) in try endpoint.decodeError(response, of: call) }
            try expect(Self.json(error), vector["error"] ?? .null, "error")
        }

        private func checkStream(_ pieces: [ArraySlice<UInt8>], _ how: String) throws {
            let (stream, events) = try attempt { () throws(AdapterFailure) in
                let stream = try endpoint.stream(of: call, head: ProviderResponse(status: 200))
                var events: [AdapterStream.Event] = []
                for piece in pieces { try stream.feed(piece, into: &events) }
                try stream.finish(into: &events)
                return (stream, events)
            }
            _ = stream
            var data: [JSONValue] = []
            var usage: TokenUsage?
            var error: JSONValue = .null
            var isAtEnd = false
            for event in events {
                guard !isAtEnd, error == .null else {
                    throw PluginError("self-test '\(name)', stream \(how): the adapter emits something after the end")
                }
                switch event {
                case .data(let bytes, let name):
                    let value = try parsed(bytes)
                    data.append(name.map { ["event": .string($0), "data": value] } ?? value)
                case .usage(let next): usage = next.filled(from: usage)
                case .error(let last): error = Self.json(last)
                case .end: isAtEnd = true
                }
            }
            try expect(.array(data), vector["events"] ?? [], "events, stream \(how)")
            try expect(error, vector["error"] ?? .null, "error, stream \(how)")
            try expectUsage(usage)
            let isWhole = vector["error"] == nil && vector["cut_off"] != true
            if isWhole, !isAtEnd { throw PluginError("self-test '\(name)', stream \(how): the adapter doesn't emit the end") }
        }

        // MARK: Comparing

        private func expectUsage(_ usage: TokenUsage?) throws {
            guard let expected = vector["usage"] else { return }
            guard usage == TokenUsage(expected) else {
                throw PluginError(
                    "self-test '\(name)': the usage is \(usage.map { "\($0)" } ?? "missing"), but should be \(expected.jsonString)")
            }
        }

        private func expect(_ found: JSONValue, _ expected: JSONValue, _ what: String) throws {
            guard !found.isSame(as: expected) else { return }
            throw PluginError("self-test '\(name)', \(what): got \(found.jsonString), expected \(expected.jsonString)")
        }

        private func attempt<Result>(_ body: () throws(AdapterFailure) -> Result) throws -> Result {
            do { return try body() } catch { throw PluginError("self-test '\(name)': \(error.kind.rawValue): \(error.message)") }
        }

        private func parsed(_ bytes: [UInt8]) throws -> JSONValue {
            do { return try JSONValue(parsing: bytes) } catch {
                throw PluginError("self-test '\(name)': the adapter emits invalid JSON: \(error)")
            }
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
            return Data(base64Encoded: String(text.dropFirst(7))).map(Array.init) ?? []
        }
    }
}

extension JSONObject {
    fileprivate func hasSameMembers(as other: JSONObject) -> Bool {
        let theirs = Dictionary(other.members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        return members.count == other.members.count
            && members.allSatisfy { member in theirs[member.name].map { member.value.isSame(as: $0) } ?? false }
    }
}

extension JSONValue {
    /// Whether both values are equal, regardless of the order of members and the format of numbers.
    fileprivate func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.hasSameMembers(as: right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        default: self == other || (doubleValue != nil && doubleValue == other.doubleValue)
        }
    }
}
