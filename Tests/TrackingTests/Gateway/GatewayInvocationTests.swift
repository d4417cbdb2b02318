import HTTPTypes
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import Tracking

/// `/gateway/…` on the tracking service, which the playground calls.
@Suite struct GatewayInvocationTests {
    private static let question = #"{"model":"chat","messages":[{"role":"user","content":"Hi"}]}"#
    private static let key = "gk-0123456789abcdef"

    private func run(
        _ response: ScriptedResponse, _ body: @escaping @Sendable (TestAPI, GatewayProxyTests.Seen) async throws -> Void
    ) async throws {
        let seen = GatewayProxyTests.Seen()
        try await withScriptedServer({ request in
            seen.requests.withLock { $0.append(request) }
            return response
        }) { url in
            try await TrackingFixture.run(on: .sqlite, gateway: try GatewaySettings(url: url, key: Self.key)) { fixture async throws in
                try await body(fixture.api, seen)
            }
        }
    }

    private static let paths = [
        ("/gateway/mlflow/v1/chat/completions", "/v1/chat/completions"), ("/gateway/openai/v1/chat/completions", "/v1/chat/completions"),
        ("/gateway/openai/v1/embeddings", "/v1/embeddings"), ("/gateway/openai/v1/responses", "/v1/responses"),
        ("/gateway/anthropic/v1/messages", "/v1/messages"), ("/gateway/chat/mlflow/invocations", "/gateway/chat/invocations"),
    ]

    @Test func `Each path maps to one of the gateway's and is called with the server's key`() async throws {
        try await run(ScriptedResponse(#"{"id":"1"}"#)) { api, seen async throws in
            for (path, target) in Self.paths {
                let response = try await api.send(
                    .post, path, Self.question,
                    headers: [("Authorization", "Bearer the-clients"), ("Cookie", "a=b"), ("anthropic-version", "2023-06-01")])
                #expect(response.status == 200 && response.text == #"{"id":"1"}"#)
                let request = try #require(seen.all.last)
                #expect(request.path == target && request.body == Self.question)
                #expect(request.headers["authorization"] == "Bearer " + Self.key)
                #expect(request.headers["cookie"] == nil && request.headers["anthropic-version"] == "2023-06-01")
            }
        }
    }

    @Test func `GET lists the models`() async throws {
        try await run(ScriptedResponse(#"{"object":"list","data":[]}"#)) { api, seen async throws in
            #expect(try await api.get("/gateway/mlflow/v1/models").text == #"{"object":"list","data":[]}"#)
            #expect(seen.all.map(\.path) == ["/v1/models"])
        }
    }

    @Test func `A stream is passed through byte for byte`() async throws {
        let events = "data: {\"a\":1}\n\ndata: [DONE]\n\n"
        try await run(ScriptedResponse(200, contentType: "text/event-stream; charset=utf-8", events)) { api, _ async throws in
            let response = try await api.post("/gateway/mlflow/v1/chat/completions", Self.question)
            #expect(response.text == events && response.headers["content-type"] == "text/event-stream; charset=utf-8")
        }
    }

    @Test func `Errors are passed through unchanged, except for the key`() async throws {
        let error = #"{"error":{"message":"The route 'x' does not exist on this gateway.","type":"invalid_request_error"}}"#
        try await run(ScriptedResponse(404, error)) { api, _ async throws in
            let response = try await api.post("/gateway/mlflow/v1/chat/completions", Self.question)
            #expect(response.status == 404 && response.text == error)
        }
        try await run(ScriptedResponse(500, #"{"error":{"message":"bad \#(Self.key)"}}"#)) { api, _ async throws in
            let response = try await api.post("/gateway/mlflow/v1/chat/completions", Self.question)
            #expect(response.status == 500 && !response.text.contains(Self.key))
        }
        try await run(ScriptedResponse(401, #"{"detail":"no"}"#)) { api, _ async throws in
            let response = try await api.post("/gateway/mlflow/v1/chat/completions", Self.question)
            #expect(response.status == 503 && response.string("detail")?.contains("UNLADEN_GATEWAY_KEY_FILE") == true)
        }
    }

    @Test func `No endpoint name escapes the gateway's invocations`() async throws {
        try await run(ScriptedResponse("{}")) { api, seen async throws in
            for name in ["%2e%2e", "a%2fb", "..", "%5c"] {
                #expect(try await api.post("/gateway/\(name)/mlflow/invocations", Self.question).status == 404)
            }
            #expect(seen.all.isEmpty)
        }
    }

    @Test func `Without a gateway the response explains how to configure one`() async throws {
        try await TrackingFixture.run(on: .sqlite) { fixture async throws in
            let response = try await fixture.api.post("/gateway/mlflow/v1/chat/completions", Self.question)
            #expect(response.status == 501 && response.string("detail")?.contains("--gateway-uri") == true)
        }
    }
}
