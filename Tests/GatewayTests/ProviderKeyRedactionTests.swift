import JSON
import TestSupport
import Testing

@testable import Gateway

/// A provider that quotes the key it received, in any format and place.
@Suite struct ProviderKeyRedactionTests {
    /// An error in an unknown format.
    private static let key = "Zq7WmX4tRb9KfLp2VhNc8JsYd3GaUe6T"
    private static let quotation = "it failed: Authorization: Bearer \(key) x-api-key=hunter2a https://u:hunter2@h in /usr/lib/x"

    /// An endpoint for each provider, named after it, and the APIs to call it with.
    private static let providers: [(name: String, config: String, paths: [String])] = [
        ("openai", #""openai_api_key": "KEY", "openai_api_base": "URL""#, ["/v1/chat/completions", "/v1/responses", "/v1/messages"]),
        ("anthropic", #""anthropic_api_key": "KEY", "anthropic_api_base": "URL""#, ["/v1/chat/completions", "/v1/messages"]),
        ("gemini", #""gemini_api_key": "KEY", "gemini_api_base": "URL""#, ["/v1/chat/completions"]),
        ("mistral", #""mistral_api_key": "KEY", "api_base": "URL""#, ["/v1/chat/completions"]),
        ("cohere", #""cohere_api_key": "KEY", "cohere_api_base": "URL""#, ["/v1/chat/completions"]),
        ("huggingface-text-generation-inference", #""hf_api_key": "KEY", "hf_server_url": "URL""#, ["/v1/chat/completions"]),
        ("mlflow-model-serving", #""model_server_url": "URL""#, ["/v1/chat/completions"]),
        ("vllm", #""api_key": "KEY", "api_base": "URL""#, ["/v1/chat/completions", "/v1/responses", "/v1/messages"]),
        (
            "bedrock",
            #""aws_config": {"aws_region": "us-east-1", "aws_access_key_id": "AKIDEXAMPLEEXAMPLE12", "aws_secret_access_key": "KEY", "aws_endpoint_url": "URL"}"#,
            ["/v1/chat/completions"]
        ),
    ]

    private static func configuration(_ url: String) -> String {
        let endpoints = providers.map { provider in
            let config = provider.config.replacing("KEY", with: key).replacing("URL", with: url)
            return
                #"{"name": "\#(provider.name)", "endpoint_type": "llm/v1/chat", "model": {"provider": "\#(provider.name)", "name": "m", "config": {\#(config)}}}"#
        }
        return #"{"retries": {"attempts": 0}, "endpoints": [\#(endpoints.joined(separator: ", "))]}"#
    }

    /// Sends a request to each of the providers with each of its APIs, for each of the responses.
    private static func send(
        _ responses: [ScriptedResponse], streams: Bool = false, of names: [String] = providers.map(\.name),
        _ check:
            @escaping @Sendable (_ provider: String, _ path: String, _ number: Int, _ response: APIResponse, _ log: String) throws -> Void
    ) async throws {
        let script: @Sendable (ScriptedRequest) async throws -> ScriptedResponse = { request in
            let number = request.body.split(separator: "response-").last?.prefix { $0.isNumber }
            return responses[number.flatMap { Int($0) } ?? 0]
        }
        try await withScriptedServer(script) { url in
            try await GatewayServer.run(configuration(url)) { gateway in
                for provider in providers where names.contains(provider.name) {
                    for path in provider.paths {
                        for number in responses.indices {
                            let message = #"{"role": "user", "content": "response-\#(number)"}"#
                            let rest = path == "/v1/responses" ? #""input": [\#(message)]"# : #""messages": [\#(message)], "max_tokens": 9"#
                            let response = try await gateway.api.post(
                                path, #"{"model": "\#(provider.name)", "stream": \#(streams), \#(rest)}"#)
                            for leak in [String(key.prefix(8)), "hunter2", "/usr/lib"] {
                                #expect(!response.text.contains(leak), "\(provider.name) \(path): \(response.text)")
                            }
                            try check(provider.name, path, number, response, gateway.log)
                        }
                    }
                }
                for leak in [String(key.prefix(8)), "hunter2", "/usr/lib"] { #expect(!gateway.log.contains(leak)) }
            }
        }
    }

    /// Errors whose key is at a position where they may be truncated.
    private static var truncatedErrors: [(type: String, body: String)] {
        [500, 2000, 4000, 64 << 10].flatMap { place -> [(type: String, body: String)] in
            let text = String(repeating: "-", count: place - key.utf8.count) + " \(key) tail"
            let trace = "Traceback (most recent call last):\n" + String(repeating: "  File \"/a/b.py\", line 3, in f\n", count: place / 32)
            let padded = trace + String(repeating: " ", count: max(0, place - trace.utf8.count - 40)) + "\nValueError: \(key) tail"
            let (long, traced): (JSONValue, JSONValue) = (.string(text), .string(padded))
            return [
                ("text/plain", text), ("text/plain", padded), ("application/json", (["error": long] as JSONValue).jsonString),
                ("application/json", (["message": traced, "code": long] as JSONValue).jsonString),
                (
                    "application/json",
                    (["error": ["message": traced, "type": long, "code": long, "param": long, "status": long]] as JSONValue).jsonString
                ),
            ]
        }
    }

    @Test(arguments: [200, 400, 500])
    func `A key at the position where an error is truncated is redacted completely`(status: Int) async throws {
        let responses = Self.truncatedErrors.map { ScriptedResponse(status, contentType: $0.type, $0.body) }
        try await Self.send(responses) { provider, path, number, response, _ in
            #expect(response.status == (status == 200 ? 502 : status), "\(provider) \(path) \(number): \(response.text)")
        }
    }

    @Test(arguments: ["", "event: error\n"])
    func `A key at that position in a stream is redacted completely`(name: String) async throws {
        let responses = Self.truncatedErrors.map { error in
            ScriptedResponse(200, contentType: "text/event-stream", name + "data: " + error.body.replacing("\n", with: "\ndata: ") + "\n\n")
        }
        try await Self.send(responses, streams: true) { provider, path, number, response, _ in
            #expect(response.status >= 400, "\(provider) \(path) \(number): \(response.text)")
        }
    }

    @Test func `A response without required members is a failure of the provider, whatever its status`() async throws {
        let forms = [
            #"{"object":"error","message":"TEXT","code":500}"#, #"{"message":"TEXT"}"#, #"{"detail":"TEXT"}"#,
            #"{"errors":[{"message":"TEXT"}]}"#,
            #"{"error_message":"TEXT"}"#, #"{"detail":[{"loc":["body"],"msg":"TEXT"}]}"#, #"{"exception":"TEXT"}"#,
            #"{"msg":"TEXT","status":500}"#,
            #"{"error":{"msg":"TEXT"}}"#, #"{"error":["TEXT"]}"#, #"{"error":{"message":{"x":"TEXT"}}}"#,
            #"{"fault":{"faultstring":"TEXT"}}"#,
            #"{"title":"TEXT","status":500}"#, #"{"type":"error","error":{"type":"x","details":"TEXT"}}"#,
        ]
        let names = ["openai", "anthropic", "vllm", "huggingface-text-generation-inference"]
        let responses = forms.map { ScriptedResponse($0.replacing("TEXT", with: Self.quotation)) }
        try await Self.send(responses, of: names) { provider, path, number, response, _ in
            #expect(response.status == 502, "\(provider) \(path) \(forms[number]): \(response.text)")
            #expect(response.text.contains("it failed"), "\(provider) \(path) \(forms[number]): \(response.text)")
        }
    }

    @Test func `An event without required members is a failure of the provider`() async throws {
        let forms = [#"{"errors":[{"message":"TEXT"}]}"#, #"{"detail":[{"msg":"TEXT"}]}"#, #"{"exception":"TEXT"}"#, #"{"msg":"TEXT"}"#]
        let responses = forms.map {
            ScriptedResponse(200, contentType: "text/event-stream", "data: " + $0.replacing("TEXT", with: Self.quotation) + "\n\n")
        }
        try await Self.send(responses, streams: true, of: ["openai", "anthropic", "vllm"]) { provider, path, number, response, _ in
            #expect(response.status == 502, "\(provider) \(path) \(forms[number]): \(response.text)")
            #expect(response.text.contains("it failed"), "\(provider) \(path) \(forms[number]): \(response.text)")
        }
    }
}
