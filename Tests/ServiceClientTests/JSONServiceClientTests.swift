import ServiceClient
import Synchronization
import TestSupport
import Testing
import WireProtocol

@Suite struct JSONServiceClientTests {
    /// The error of a call with the given response; `nil` when it succeeds.
    private func error(_ response: ScriptedResponse) async throws -> ServiceError? {
        try await withScriptedServer({ _ in response }) { uri in
            try await withClient(uri) { client in
                do {
                    _ = try await client.send(.get, ["x"])
                    return nil
                } catch let error as ServiceError {
                    return error
                }
            }
        }
    }

    private func withClient<Result>(
        _ uri: String, timeout: Duration = .seconds(60), reserve: @escaping JSONServiceClient.ReserveMemory = { _ in },
        _ body: (JSONServiceClient) async throws -> Result
    ) async throws -> Result {
        let client = JSONServiceClient(
            name: "tracking", address: try #require(ServiceAddress(uri)), timeout: timeout, reserve: reserve)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    @Test func `A request has an encoded path and query and a JSON body`() async throws {
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            let told = [request.method, request.path, request.query, request.body].map(JSONValue.string)
            return ScriptedResponse(JSONValue.array(told).jsonString)
        }
        try await withScriptedServer(script) { uri in
            try await withClient(uri + "/base/") { client in
                let response = try await client.send(
                    .patch, ["a b", "c/d?e", "ü"], query: [("k", "1&2"), ("l", "+")], body: [1] as JSONValue)
                #expect(response.jsonString == ##"["PATCH","/base/a%20b/c%2Fd%3Fe/%C3%BC","k=1%262&l=%2B","[1]"]"##)
            }
        }
    }

    @Test func `The memory of a response and its values is reserved before it is parsed`() async throws {
        let text = "[\(String(repeating: "0,", count: 50_000))0]"
        try await withScriptedServer({ _ in ScriptedResponse(text) }) { uri in
            let reserved = Mutex(0)
            try await withClient(uri, reserve: { count in reserved.withLock { $0 += count } }) { client in
                _ = try await client.send(.get, ["x"])
            }
            let count = reserved.withLock(\.self)
            #expect(count >= JSONFootprint(of: text.utf8).memory)
            let exhausted = ServiceError.unavailable("No memory is left.")
            let error = await #expect(throws: ServiceError.self) {
                try await withClient(uri, reserve: { _ in throw exhausted }) { try await $0.send(.get, ["x"]) }
            }
            #expect(error?.message == "No memory is left.")
        }
    }

    @Test func `A tracking client's additional headers are sent with every call`() async throws {
        let calls = Mutex<[String]>([])
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            calls.withLock { $0.append("\(request.method) \(request.headers["traceparent"] ?? "-")") }
            return ScriptedResponse(#"{"run": {"info": {"artifact_uri": "u"}}, "model": {"info": {"artifact_uri": "u"}}}"#)
        }
        try await withScriptedServer(script) { uri in
            try await withClient(uri) { client in
                let plain = TrackingClient(client: client)
                let traced = plain.adding(headers: [("traceparent", "t")])
                _ = try await traced.run("r")
                _ = try await traced.loggedModel("m")
                try await traced.setTag(KeyValue(key: "k", value: "v"), ofLoggedModel: "m")
                _ = try await plain.run("r")
            }
        }
        #expect(calls.withLock { $0 } == ["GET t", "GET t", "PATCH t", "GET -"])
    }

    @Test func `An error of the service is thrown unchanged`() async throws {
        let body = ErrorFormat.mlflow.body(of: .doesNotExist("Run with id=x not found")).jsonString
        let error = try #require(await error(ScriptedResponse(404, body)))
        #expect(error.code == .resourceDoesNotExist)
        #expect(error.message == "Run with id=x not found")
    }

    @Test(arguments: [
        (404, ErrorCode.notFound), (418, .badRequest), (409, .resourceConflict), (503, .temporarilyUnavailable), (500, .internalError),
    ])
    func `An unknown error code is derived from the status`(status: Int, code: ErrorCode) async throws {
        let error = try #require(await error(ScriptedResponse(status, #"{"error_code": "FROM_THE_FUTURE", "message": "m"}"#)))
        #expect(error.code == code)
        #expect(error.message == "m")
    }

    @Test(arguments: [
        (404, ErrorCode.notFound), (400, .badRequest), (413, .badRequest), (422, .badRequest), (401, .unauthenticated),
        (403, .permissionDenied),
        (408, .deadlineExceeded), (429, .temporarilyUnavailable), (200, .internalError), (302, .internalError), (500, .internalError),
        (502, .temporarilyUnavailable),
    ])
    func `A response of a different program isn't shown to callers`(status: Int, code: ErrorCode) async throws {
        let error = try #require(await error(ScriptedResponse(status, contentType: "text/html", "<h1>secret</h1>")))
        #expect(error.code == code)
        #expect(!error.message.contains("secret"))
        #expect("\(error.cause.map { "\($0)" } ?? "")".contains("secret"))
    }

    @Test(arguments: [
        (400, ErrorFormat.fastAPI, ErrorCode.badRequest), (404, .openAI, .notFound), (401, .anthropic, .unauthenticated),
        (429, .fastAPI, .temporarilyUnavailable), (500, .openAI, .internalError), (503, .fastAPI, .temporarilyUnavailable),
    ])
    func `An error in another format keeps its message, and its code is derived from the status`(
        status: Int, format: ErrorFormat, code: ErrorCode
    ) async throws {
        let body = format.body(of: ServiceError(.internalError, "It failed because of sk-abcdefghijklmnopqrstuvwxyz012345.")).jsonString
        let error = try #require(await error(ScriptedResponse(status, body)))
        #expect(error.code == code)
        #expect(error.message.hasPrefix("It failed because of ") && !error.message.contains("sk-abc"))
        #expect(error.cause == nil)
        #expect(error.retryAfter == (code == .temporarilyUnavailable ? 1 : nil))
    }

    @Test func `FastAPI's list of invalid members is the message`() async throws {
        let error = try #require(await error(ScriptedResponse(422, #"{"detail": [{"loc": ["body"], "msg": "Field required"}]}"#)))
        #expect(error.message == #"[{"loc":["body"],"msg":"Field required"}]"#)
        #expect(error.status == 400)
    }

    @Test func `The token isn't shown in an error that repeats it`() async throws {
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            ScriptedResponse(403, JSONValue.object(["detail": .string(request.headers["authorization"] ?? "")]).jsonString)
        }
        try await withScriptedServer(script) { uri in
            let address = try #require(ServiceAddress(uri))
            let client = JSONServiceClient(name: "gateway", address: address, timeout: .seconds(60), token: "a.plain.word.as.token")
            let error = await #expect(throws: ServiceError.self) { try await client.send(.get, ["x"]) }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message.contains("plain.word") == false)
            await client.close()
        }
    }

    @Test func `A service that isn't running is reported immediately`() async throws {
        try await withClient("http://127.0.0.1:1") { client in
            let error = await #expect(throws: ServiceError.self) { try await client.send(.get, ["x"]) }
            #expect(error?.code == .temporarilyUnavailable)
            #expect(error?.retryAfter == 1)
            // A client that retried until the timeout would have a timeout as the cause.
            let cause = error?.cause.map { "\($0)" } ?? ""
            #expect(cause.contains("refused"))
        }
    }

    @Test func `A request to a service that doesn't respond times out`() async throws {
        // The response arrives after the caller has given up.
        let (gone, signal) = AsyncStream<Void>.makeStream()
        try await withScriptedServer({ _ in
            for await _ in gone {}
            return ScriptedResponse("{}")
        }) { uri in
            try await withClient(uri, timeout: .milliseconds(200)) { client in
                let error = await #expect(throws: ServiceError.self) { try await client.send(.get, ["x"]) }
                #expect(error?.code == .temporarilyUnavailable)
            }
            signal.finish()
        }
    }

    @Test func `Only http and https addresses are valid`() {
        #expect(ServiceAddress("http://host:5000/")?.description == "http://host:5000")
        #expect(ServiceAddress("https://host/base//")?.description == "https://host/base")
        for text in ["host:5000", "ftp://host", "http://", "http://host?x=1", "", "http://host#x"] {
            #expect(ServiceAddress(text) == nil, "\(text)")
        }
    }
}
