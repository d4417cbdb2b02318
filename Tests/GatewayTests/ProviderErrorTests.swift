import JSON
import SafeText
import TestSupport
import Testing

@testable import Gateway

/// Provider errors reach clients without the gateway's key or internals of the provider's software.
@Suite struct ProviderErrorTests {
    private static let leaks = ["the-providers-key", "hunter2", "Traceback", "/usr/lib", "server.py", "Store.java"]

    /// The error message of a provider that quotes the gateway's request.
    private static func leak(_ request: ScriptedRequest) -> String {
        """
        bad request, headers={'authorization': '\(request.headers["authorization"] ?? "")'} to http://u:hunter2@h/x, wanted the-providers-key
        Traceback (most recent call last):
          File "/usr/lib/python3/server.py", line 12, in answer
        ValueError: it failed
            at com.acme.Store.read(Store.java:12)
        """
    }

    private func check(_ text: String, _ log: String, sourceLocation: SourceLocation = #_sourceLocation) {
        for leak in Self.leaks {
            #expect(!text.contains(leak), "\(text)", sourceLocation: sourceLocation)
            #expect(!log.contains(leak), "\(log)", sourceLocation: sourceLocation)
        }
    }

    @Test(
        arguments: [
            ("/v1/chat/completions", GatewayServer.question), ("/v1/responses", #"{"model": "chat", "input": "Hello"}"#),
            ("/v1/messages", #"{"model": "chat", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]}"#),
            ("/gateway/chat/invocations", #"{"messages": [{"role": "user", "content": "Hello"}]}"#),
        ], [400, 401, 404, 429, 500])
    func `An error keeps its useful parts and loses the rest, in every API`(request: (path: String, body: String), status: Int) async throws
    {
        let script: @Sendable (ScriptedRequest) async throws -> ScriptedResponse = { received in
            let error: JSONValue = ["error": ["message": .string(Self.leak(received)), "type": "t", "code": "the-providers-key"]]
            return ScriptedResponse(status, error.jsonString)
        }
        try await withScriptedServer(script) { url in
            try await GatewayServer.run(GatewayServer.endpoint(at: url)) { gateway in
                let response = try await gateway.api.post(request.path, request.body)
                #expect(response.status == (status == 401 ? 502 : status))
                if status != 401 {
                    #expect(response.text.contains("bad request") && response.text.contains("it failed"), "\(response.text)")
                }
                #expect(gateway.log.contains(status == 400 ? "request rejected" : "provider failed"))
                check(response.text, gateway.log)
            }
        }
    }

    @Test(arguments: [
        "<html>wanted the-providers-key</html>", "wanted the-providers-key\n  at com.acme.Store.read(Store.java:12)",
        #"{"detail": "wanted the-providers-key in /usr/lib/x"}"#, #"{"error": "wanted the-providers-key in /usr/lib/x"}"#,
    ])
    func `An error in an unknown format is redacted as well`(body: String) async throws {
        try await withScriptedServer({ _ in ScriptedResponse(500, contentType: "text/plain", body) }) { url in
            try await GatewayServer.run(GatewayServer.endpoint(at: url)) { gateway in
                let response = try await gateway.api.post("/v1/chat/completions", GatewayServer.question)
                #expect(response.status == 500)
                check(response.text, gateway.log)
            }
        }
    }

    @Test func `The error for an unreadable response doesn't quote secrets`() async throws {
        try await withScriptedServer({ _ in ScriptedResponse(200, "the-providers-key is not JSON") }) { url in
            try await GatewayServer.run(GatewayServer.endpoint(at: url)) { gateway in
                let response = try await gateway.api.post("/v1/chat/completions", GatewayServer.question)
                #expect(response.status == 502)
                check(response.text, gateway.log)
            }
        }
    }

    @Test func `A completion is never changed`() async throws {
        let text =
            "the-providers-key, api_key=abcdef1, Traceback (most recent call last):\\n  File \\\"/usr/lib/x.py\\\", line 1 \\\"error\\\": {}"
        let body =
            #"{"id":"c","object":"chat.completion","created":1,"model":"m","error":null,"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":""#
            + text + #""}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"#
        try await withScriptedServer({ _ in ScriptedResponse(body) }) { url in
            try await GatewayServer.run(GatewayServer.endpoint(at: url)) { gateway in
                let response = try await gateway.api.post("/v1/chat/completions", GatewayServer.question)
                #expect(response.status == 200)
                let content = response.json["choices"]?.arrayValue?.first?["message"]?["content"]?.stringValue
                #expect(
                    content == (try JSONValue(parsing: Array(body.utf8)))["choices"]?.arrayValue?.first?["message"]?["content"]?.stringValue
                )
            }
        }
    }

    @Test func `A failed response contains the reason without secrets`() async throws {
        let body = #"""
            {"id":"r","object":"response","status":"failed","error":{"code":"server_error","message":"wanted the-providers-key in /usr/lib/x"},
            "output":[{"type":"message","content":[{"type":"output_text","text":"the-providers-key"}]}]}
            """#
        try await withScriptedServer({ _ in ScriptedResponse(body) }) { url in
            try await GatewayServer.run(GatewayServer.endpoint(at: url)) { gateway in
                let response = try await gateway.api.post("/v1/responses", #"{"model": "chat", "input": "Hello"}"#)
                #expect(response.status == 502)
                #expect(response.json["error"]?["message"]?.stringValue?.hasSuffix("wanted [REDACTED] in [path]") == true)
                check(response.text, gateway.log)
            }
        }
    }

    @Test(arguments: [
        #"{"choices":[{"delta":{"content":"\"error\": secret-word"}}]}"#, #"{"error":null,"response":{"error": null,"x":"secret-word"}}"#,
        #"{"output":[{"type":"mcp_call","output":"secret-word","arguments":"{\"error\":\"secret-word\"}","error":null}]}"#,
        #"{"output":[{"content":[{"text":"secret-word","error":"secret-word"}],"summary":[{"error":"secret-word"}]}],"error":null}"#,
        #"{"choices":[{"message":{"content":"secret-word","reasoning_details":[{"error":"secret-word"}]},"finish_reason":"stop"}]}"#,
        #"{"choices":[{"message":"secret-word","text":"secret-word"}],"usage":{"prompt_tokens_details":{"x":1}}}"#,
        #"{"content":[{"type":"tool_use","input":{"error":"secret-word","detail":"secret-word"}}],"stop_reason":"end_turn"}"#,
        #"{"type":"response.output_text.delta","delta":"secret-word","logprobs":[]}"#, "secret-word no JSON \"error\":1", "",
        #"["error", {"error": "secret-word"}]"#,
    ])
    func `An event without an error passes through unchanged`(event: String) {
        var redaction = Redaction.standard
        redaction.add(secrets: ["secret-word"])
        #expect(ResponseRedactor.redacted(Array(event.utf8), by: redaction) == Array(event.utf8))
    }

    @Test func `Secrets in the errors of events are redacted`() throws {
        var redaction = Redaction.standard
        redaction.add(secrets: ["secret-word"])
        for event in [
            #"{"error":null,"response":{"error" : {"message":"secret-word"}}}"#, #"{"choices":[{"error":{"message":"secret-word"}}]}"#,
            #"{"error":"secret-word"}"#, #"{"errors":[{"message":"secret-word"}]}"#, #"{"detail":[{"msg":"secret-word"}]}"#,
            #"{"exception":"secret-word"}"#, #"{"error_message":"secret-word"}"#, #"{"message":"secret-word","choices":[]}"#,
            #"{"msg":"secret-word"}"#,
            #"{"output":[{"type":"mcp_call","error":"secret-word"}]}"#, #"{"response":{"output":[{"error":{"message":"secret-word"}}]}}"#,
            #"{"item":{"type":"mcp_call","error":"secret-word"}}"#, #"{"response":{"incomplete_details":{"reason":"secret-word"}}}"#,
            #"{"status_details":{"error":{"message":"secret-word"}}}"#, #"{"choices":[{"delta":{"error":{"message":"secret-word"}}}]}"#,
            #"{"choices":[{"native_error":"secret-word"}],"provider_error":"secret-word"}"#, #"{"\u0065rror":"secret-word"}"#,
            #"{"choices":[{"finish_reason":"secret-word"}]}"#, #"{"x":[{"y":{"failureReason":"secret-word"}}]}"#,
            #"{"fault":{"faultstring":"secret-word"}}"#,
        ] {
            let found = String(decoding: ResponseRedactor.redacted(Array(event.utf8), by: redaction), as: UTF8.self)
            #expect(!found.contains("secret-word"), "\(found)")
            #expect(found.contains("[REDACTED]"))
        }
    }

    @Test func `Configured secrets are redacted in a response that exceeds the parser's limits`() {
        var redaction = Redaction.standard
        redaction.add(secrets: ["secret-word", #"a"secret"#])
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let event = #"{"error":{"message":"wanted secret-word, or secret-word and a\"secret"},"x":\#(deep),"y":"Größe"}"#
        let found = String(decoding: ResponseRedactor.redacted(Array(event.utf8), by: redaction), as: UTF8.self)
        #expect(found == #"{"error":{"message":"wanted [REDACTED], or [REDACTED] and [REDACTED]"},"x":\#(deep),"y":"Größe"}"#)
        let harmless = #"{"text":"secret-word","x":\#(deep)}"#
        #expect(ResponseRedactor.redacted(Array(harmless.utf8), by: redaction) == Array(harmless.utf8))
    }
}
