import Primitives
import ServiceClient
import Synchronization
import Testing
import TestSupport
import WireProtocol

/// The requests of the gateway's client, and the responses that it accepts.
@Suite struct GatewayClientTests {
    /// Runs `body` with a client of a gateway that always sends `response`.
    ///
    /// - Returns: the requests, as `METHOD /path?query body`.
    private func requests(
        _ response: ScriptedResponse, _ body: @escaping @Sendable (GatewayClient) async throws -> Void
    ) async throws -> [String] {
        let requests = Mutex<[String]>([])
        let script: @Sendable (ScriptedRequest) -> ScriptedResponse = { request in
            let query = request.query.isEmpty ? "" : "?\(request.query)"
            let token = request.headers["authorization"] == "Bearer the-key" ? "" : " without the key"
            requests.withLock { $0.append("\(request.method) \(request.path)\(query) \(request.body)\(token)") }
            return response
        }
        try await withScriptedServer(script) { uri in
            let address = try #require(ServiceAddress(uri))
            let client = JSONServiceClient(name: "gateway", address: address, timeout: .seconds(60), token: "the-key")
            try await body(GatewayClient(client: client))
            await client.close()
        }
        return requests.withLock { $0 }
    }

    @Test func `The catalog has endpoints, providers and budgets`() async throws {
        let model = GatewayCatalog.Model(endpoint: "chat", task: "llm/v1/chat", provider: "openai", model: "m", secretSettings: ["key"])
        let endpoint = GatewayCatalog.Endpoint(name: "chat", task: "llm/v1/chat", isRoute: false, models: [model], fallback: [])
        let budget = GatewayCatalog.Budget(
            name: "b", counter: "b", amount: 10, periodSeconds: nil, route: nil, key: "ui", team: nil, client: nil, rejects: true,
            spent: 2.5, window: 1..<2)
        let catalog = GatewayCatalog(
            configuredAt: 7, endpoints: [endpoint], providers: [.init(name: "openai", tasks: ["chat"], config: [])], budgets: [budget])
        let sent = try await requests(ScriptedResponse(catalog.jsonString)) { gateway async throws in
            #expect(try await gateway.catalog().jsonString == catalog.jsonString)
        }
        #expect(sent == ["GET /api/unladen/1.0/endpoints "])
    }

    @Test func `Keys are listed`() async throws {
        let keys = [
            VirtualKey(id: "key_2", name: "ui", team: "red", routes: ["chat"], hint: "h", createdAt: UnixMilliseconds(2)),
            VirtualKey(id: "key_1", name: "all", hint: "h", createdAt: UnixMilliseconds(1), revokedAt: UnixMilliseconds(3)),
        ]
        let sent = try await requests(ScriptedResponse(ListKeys.Response(keys: keys).jsonString)) { gateway async throws in
            #expect(try await gateway.keys() == keys)
        }
        #expect(sent == ["GET /api/unladen/1.0/keys "])
    }

    @Test func `A key is created with the members that are set`() async throws {
        let issued = IssuedKey(
            key: "sk-unladen-x", entry: VirtualKey(id: "key_1", name: "ui", hint: "h", createdAt: UnixMilliseconds(1)))
        let sent = try await requests(ScriptedResponse(201, issued.jsonString)) { gateway async throws in
            let created = try await gateway.createKey(named: "ui")
            #expect(created.key == "sk-unladen-x" && created.entry == issued.entry)
            _ = try await gateway.createKey(named: "ui", team: "red", routes: [], expires: "90d")
        }
        #expect(
            sent == [
                #"POST /api/unladen/1.0/keys {"name":"ui"}"#,
                #"POST /api/unladen/1.0/keys {"name":"ui","team":"red","routes":[],"expires":"90d"}"#,
            ])
    }

    @Test func `A key is revoked, and an ID that could change the path isn't sent`() async throws {
        let sent = try await requests(ScriptedResponse("{}")) { gateway async throws in
            try await gateway.revokeKey("key_0123456789abcdeF")
            for id in ["", "..", "../usage", "key_1?x=1", "kéy"] {
                let error = await #expect(throws: ServiceError.self) { try await gateway.revokeKey(id) }
                #expect(error?.code == .notFound)
            }
        }
        #expect(sent == ["DELETE /api/unladen/1.0/keys/key_0123456789abcdeF "])
    }

    @Test func `Usage is grouped by dimensions`() async throws {
        let row: JSONValue = ["team": "red", "day": 86_400_000, "requests": 3, "cost_usd": 0.5]
        let report: JSONValue = ["from": 1, "to": 2, "rows": [row], "total": ["requests": 3]]
        let sent = try await requests(ScriptedResponse(report.jsonString)) { gateway async throws in
            let usage = try await gateway.usage(by: [.team, .day], last: "7d")
            #expect(usage.from == UnixMilliseconds(1) && usage.to == UnixMilliseconds(2))
            #expect(usage.rows.map(\.requests) == [3] && usage.rows.map(\.cost) == [0.5])
            #expect(usage.rows.first?.dimensions["team"] == "red" && usage.rows.first?.dimensions["day"] == 86_400_000)
            #expect(try await gateway.usage().total.requests == 3)
        }
        #expect(sent == ["GET /api/unladen/1.0/usage?by=team%2Cday&last=7d ", "GET /api/unladen/1.0/usage "])
    }

    @Test func `Limits and adapters are listed`() async throws {
        let limit = LimitUsage(limit: "calls", counter: "calls|red", cap: 10, spent: 2.5, held: 3, endsAt: UnixMilliseconds(7))
        var sent = try await requests(ScriptedResponse(ListLimits.Response(limits: [limit]).jsonString)) { gateway async throws in
            #expect(try await gateway.limits() == [limit])
        }
        let adapters = ListAdapters.Response(
            adapters: [.init(name: "openai", version: "1.0.0", abi: 1, library: "/a.so", providers: [["name": "openai"]])],
            rejected: [.init(manifest: "/b.plugin.json", reason: "r")])
        sent += try await requests(ScriptedResponse(adapters.jsonString)) { gateway async throws in
            #expect(try await gateway.adapters().jsonString == adapters.jsonString)
        }
        #expect(sent == ["GET /api/unladen/1.0/limits ", "GET /api/unladen/1.0/adapters "])
    }

    @Test(arguments: [
        (401, ErrorFormat.fastAPI, ErrorCode.unauthenticated), (403, .openAI, .permissionDenied), (400, .fastAPI, .badRequest),
        (404, .mlflow, .resourceDoesNotExist),
    ])
    func `An error of the gateway is thrown in any format`(status: Int, format: ErrorFormat, code: ErrorCode) async throws {
        let body = format.body(of: .doesNotExist("Not this one.")).jsonString
        _ = try await requests(ScriptedResponse(status, body)) { gateway async throws in
            let error = await #expect(throws: ServiceError.self) { try await gateway.limits() }
            #expect(error?.code == code && error?.message == "Not this one.")
        }
    }

    @Test func `The response of a different program is invalid`() async throws {
        for response in ["[]", "{}", "<h1>Welcome</h1>"] {
            _ = try await requests(ScriptedResponse(response)) { gateway async throws in
                let error = await #expect(throws: ServiceError.self) { try await gateway.catalog() }
                #expect(error?.code == .internalError && error?.message == "The gateway service returned an invalid response.")
            }
        }
    }
}
