import HTTPTypes
import JSON
import TestSupport
import Testing
import WireProtocol

@testable import Gateway

/// The gateway's own errors, in the format of each API.
@Suite struct GatewayErrorTests {
    private static let configuration = GatewayServer.endpoint(at: "http://127.0.0.1:9")

    @Test(arguments: [
        (
            "/v1/chat/completions", #"{"model": "x", "messages": [{"role": "user", "content": "Hello"}]}"#, 404,
            #"{"error":{"message":"The route 'x' does not exist on this gateway.","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#
        ),
        (
            "/v1/chat/completions", #"{"model": "chat"}"#, 400,
            #"{"error":{"message":"Missing required parameter: 'messages'.","type":"invalid_request_error","param":"messages","code":"missing_required_parameter"}}"#
        ),
        (
            "/v1/embeddings", "[]", 400,
            #"{"error":{"message":"The request's body must be a JSON object.","type":"invalid_request_error","param":null,"code":null}}"#
        ),
        (
            "/v1/messages", #"{"model": "x"}"#, 404,
            #"{"type":"error","error":{"type":"not_found_error","message":"The route 'x' does not exist on this gateway."}}"#
        ),
        ("/gateway/x/invocations", #"{"messages": []}"#, 404, #"{"detail":"Not Found"}"#),
        (
            "/gateway/chat/invocations", "{}", 422,
            #"{"detail":[{"type":"missing","loc":["body","messages"],"msg":"Field required","input":{}}]}"#
        ),
        ("/api/2.0/gateway/limits", "{}", 501, #"{"detail":"Limits are set in the configuration file."}"#),
    ])
    func `An error has the format of the API`(path: String, body: String, status: Int, expected: String) async throws {
        try await GatewayServer.run(Self.configuration) { gateway in
            let response = try await gateway.api.post(path, body)
            #expect(response.status == status)
            #expect(response.text == expected)
            let lines = gateway.log.split(separator: "\n").filter { $0.contains(" cause=") && $0.contains(" path=\(path) ") }
            #expect(lines.count == 1, "\(gateway.log)")
        }
    }

    @Test(arguments: ["/v1/chat/completions", "/v1/messages", "/gateway/chat/invocations"])
    func `A body that isn't declared as JSON is rejected with 415`(path: String) async throws {
        try await GatewayServer.run(Self.configuration) { gateway in
            let response = try await gateway.api.send(.post, path, "{}", headers: [("Content-Type", "text/plain")])
            #expect(response.status == 415)
            #expect(response.text.contains("must be application/json"))
        }
    }

    @Test func `A missing key is rejected with 401 and the scheme to authenticate with`() async throws {
        try await GatewayServer.run(Self.configuration + "require_keys: true\n") { gateway in
            let response = try await gateway.api.get("/v1/models")
            #expect(response.status == 401)
            #expect(response.headers["www-authenticate"] == "Bearer")
            #expect(response.json["error"]?["code"] == "invalid_api_key")
            #expect(response.json["error"]?["type"] == "authentication_error")
        }
    }

    @Test func `A limit that is exceeded says when to retry`() {
        let money = LimitRule(name: "monthly", line: 1, unit: .money, cap: 2_500_000_000, period: .month)
        let error = LimitExceededError(rule: money, retryAfter: 60).serviceError
        #expect(error.status == 429 && error.retryAfter == 60)
        #expect(error.message == "The request would exceed the budget 'monthly' of 2.5 USD.")
        #expect(error.details.openAICode == "budget_exceeded")
        #expect(LimitExceededError(rule: .tokens("t", cap: 10, nil)).serviceError.retryAfter == 1)
    }
}
