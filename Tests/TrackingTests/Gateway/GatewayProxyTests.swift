import HTTPTypes
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// `gateway-proxy`, through which MLflow's UI reaches the gateway for prompt engineering.
@Suite struct GatewayProxyTests {
    private static let path = "/ajax-api/2.0/mlflow/gateway-proxy"
    private static let key = "gk-0123456789abcdef"

    /// Records the requests that the gateway received.
    final class Seen: Sendable {
        let requests = Mutex<[ScriptedRequest]>([])
        var all: [ScriptedRequest] { requests.withLock { $0 } }
    }

    /// Runs `body` with a service whose gateway always sends the same response, except for the paths in `responses`.
    private func run(
        _ response: ScriptedResponse, _ responses: [String: ScriptedResponse] = [:], key: String? = Self.key,
        _ body: @escaping @Sendable (TestAPI, Seen) async throws -> Void
    ) async throws {
        let seen = Seen()
        try await withScriptedServer({ request in
            seen.requests.withLock { $0.append(request) }
            return responses[request.path] ?? response
        }) { url in
            try await TrackingFixture.run(on: .sqlite, gateway: try GatewaySettings(url: url + "/", key: key)) { fixture async throws in
                try await body(fixture.api, seen)
            }
        }
    }

    private static func invocation(_ path: String, _ data: String = #"{"prompt":"Hi"}"#) -> String {
        #"{"gateway_path":\#(JSONValue.string(path).jsonString),"json_data":\#(data)}"#
    }

    @Test func `Without a gateway the list of endpoints is empty`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            for path in [Self.path, "/api/2.0/mlflow/gateway-proxy"] {
                let listed = try await fixture.api.get(path + "?gateway_path=api/2.0/endpoints/")
                #expect(listed.status == 200 && listed.text == #"{"endpoints":[]}"#)
            }
            #expect(try await fixture.api.post(Self.path, Self.invocation("x")).text == #"{"endpoints":[]}"#)
        }
    }

    @Test func `Endpoints are listed with the server's key`() async throws {
        let endpoints = #"{"endpoints":[{"name":"chat"}],"next_page_token":null}"#
        try await run(ScriptedResponse(endpoints)) { api, seen async throws in
            for path in ["api/2.0/endpoints", "api/2.0/endpoints/", "/api/2.0/endpoints/"] {
                let response = try await api.send(
                    .get, Self.path + "?gateway_path=\(path)", headers: [("Authorization", "Bearer the-clients")])
                #expect(response.status == 200 && response.text == endpoints)
            }
            #expect(seen.all.map(\.path) == Array(repeating: "/api/2.0/endpoints", count: 3))
            #expect(seen.all.allSatisfy { $0.headers["authorization"] == "Bearer " + Self.key && $0.query == "" })
        }
    }

    @Test func `An endpoint is invoked with the data, and without a stream`() async throws {
        try await run(ScriptedResponse(#"{"choices":[]}"#)) { api, seen async throws in
            let response = try await api.post(
                Self.path,
                Self.invocation("gateway/my-chat.v1/invocations", #"{"messages":[{"role":"user","content":"Hé"}],"stream":true}"#))
            #expect(response.status == 200 && response.text == #"{"choices":[]}"#)
            let request = try #require(seen.all.first)
            #expect(request.method == "POST" && request.path == "/gateway/my-chat.v1/invocations" && request.query == "")
            #expect(request.body == #"{"messages":[{"role":"user","content":"Hé"}]}"#)
            #expect(request.headers["content-type"] == "application/json")
        }
    }

    @Test func `A non-ASCII name is percent-encoded exactly once`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            for name in ["grün", "gr%C3%BCn"] { _ = try await api.post(Self.path, Self.invocation("gateway/\(name)/invocations")) }
            #expect(seen.all.map(\.path) == ["/gateway/gr%C3%BCn/invocations", "/gateway/gr%C3%BCn/invocations"])
        }
    }

    private static let badPaths = [
        "api/2.0/endpoints", "gateway/a/b/invocations", "gateway//invocations", "gateway/../invocations", "gateway/%2e%2E/invocations",
        "gateway/./invocations", "gateway/..%2fv1%2fmodels%3f/invocations", "gateway/a%5cb/invocations", "gateway/a/invocations?x=1",
        "gateway/a/invocations/../../../metrics", "api/unladen/1.0/keys", "http://example.com/gateway/a/invocations",
        "gateway/a%00/invocations", "gateway/a/Invocations", "v1/chat/completions", "gateway/a%0d%0aHost:x/invocations",
    ]

    @Test func `POST is limited to the invocations of an endpoint`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            for path in Self.badPaths {
                let response = try await api.post(Self.path, Self.invocation(path))
                #expect(response.error == "INVALID_PARAMETER_VALUE: Invalid gateway_path: \(path) for method: POST")
                #expect(response.status == 400)
            }
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `A question mark in a name doesn't start a query`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            _ = try await api.post(Self.path, Self.invocation("gateway/a?b=1#c/invocations"))
            #expect(seen.all.map(\.path) == ["/gateway/a%3Fb%3D1%23c/invocations"] && seen.all.map(\.query) == [""])
        }
    }

    @Test func `GET is limited to the list of endpoints and requires a path`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            for path in ["gateway/a/invocations", "api/2.0/endpoints/chat", "api/unladen/1.0/keys", "api/2.0/endpoints%3Fx"] {
                let response = try await api.get(Self.path + "?gateway_path=\(path)")
                #expect(response.status == 400 && response.error?.contains("Invalid gateway_path: ") == true)
                #expect(response.text.contains("for method: GET"))
            }
            let missing = "INVALID_PARAMETER_VALUE: Deployments proxy request must specify a gateway_path."
            #expect(try await api.get(Self.path).error == missing)
            #expect(try await api.post(Self.path, "{}").error == missing)
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `A provider's error becomes a message with status 500, which the UI doesn't retry`() async throws {
        let errors = [
            (429, #"{"detail":"openai: too many requests","error":"x"}"#, "openai: too many requests"),
            (400, #"{"error":{"message":"temperature must be at most 2"}}"#, "temperature must be at most 2"),
            (404, #"{"detail":"Not Found"}"#, "Not Found"), (502, "bad gateway", "bad gateway"),
        ]
        let responses = Dictionary(uniqueKeysWithValues: errors.map { ("/gateway/e\($0.0)/invocations", ScriptedResponse($0.0, $0.1)) })
        try await run(ScriptedResponse("{}"), responses) { api, _ async throws in
            for (status, _, text) in errors {
                let response = try await api.post(Self.path, Self.invocation("gateway/e\(status)/invocations"))
                #expect(response.status == 500)
                let expected = "INTERNAL_ERROR: Deployments proxy request failed with error code \(status). Error message: \(text)"
                #expect(response.error == expected)
            }
        }
    }

    @Test func `The error for a missing or rejected key explains the fix`() async throws {
        try await run(ScriptedResponse(401, #"{"detail":"no"}"#), key: nil) { api, seen async throws in
            let response = try await api.post(Self.path, Self.invocation("gateway/chat/invocations"))
            for part in ["unladen gateway keys create", "UNLADEN_GATEWAY_KEY", "UNLADEN_GATEWAY_KEY_FILE"] {
                #expect(response.text.contains(part))
            }
            #expect(seen.all.first?.headers["authorization"] == nil)
        }
        try await run(ScriptedResponse(401, #"{"detail":"no"}"#)) { api, _ async throws in
            let response = try await api.get(Self.path + "?gateway_path=api/2.0/endpoints/")
            #expect(response.text.contains("doesn't accept the key") && !response.text.contains(Self.key))
        }
    }

    @Test func `No error contains the key, even if the gateway echoes it`() async throws {
        try await run(ScriptedResponse(500, #"{"detail":"bad \#(Self.key) in Authorization: Bearer \#(Self.key)"}"#)) {
            api, _ async throws in
            let response = try await api.post(Self.path, Self.invocation("gateway/chat/invocations"))
            #expect(response.status == 500 && !response.text.contains(Self.key) && response.text.contains("[REDACTED]"))
        }
    }

    @Test func `The error names a gateway that is unreachable or isn't a gateway`() async throws {
        try await TrackingFixture.run(on: .sqlite, gateway: try GatewaySettings(url: "http://127.0.0.1:9")) { fixture async throws in
            let response = try await fixture.api.get(Self.path + "?gateway_path=api/2.0/endpoints/")
            #expect(response.status == 503 && response.text.contains("--gateway-uri"))
        }
        try await run(ScriptedResponse(200, contentType: "text/html", "<h1>Hello</h1>")) { api, _ async throws in
            let response = try await api.get(Self.path + "?gateway_path=api/2.0/endpoints/")
            #expect(response.status == 500 && response.text.contains("is not a gateway"))
        }
    }

    @Test func `Data that isn't an object or is too long is rejected`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            #expect(try await api.post(Self.path, Self.invocation("gateway/chat/invocations", "[1]")).status == 400)
            let long = String(repeating: "x", count: 5 << 20)
            let response = try await api.post(Self.path, Self.invocation("gateway/chat/invocations", #"{"prompt":"\#(long)"}"#))
            #expect(response.status == 400 && response.text.contains("4194304 bytes"))
            #expect(seen.all.isEmpty)
        }
    }

    @Test(arguments: [
        "", "localhost:5002", "ftp://x", "http://", "http://u:p@host", "http://h?x=1", "http://h/#a", "http://a b", "http://host:",
        "http:///x",
    ])
    func `An invalid gateway URL is rejected`(url: String) {
        #expect(throws: InvalidGatewaySettings.self) { try GatewaySettings(url: url) }
    }
}
