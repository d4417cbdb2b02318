import GatewayFormats
import JSON
import Testing

@Suite struct MLflow25ResponseTests {
    @Test func `The choices of a chat are converted to candidates`() throws {
        let response: JSONObject = [
            "id": "chatcmpl-1", "object": "chat.completion", "model": "m-1",
            "choices": [
                ["index": 0, "message": ["role": "assistant", "content": "hi"], "finish_reason": "stop"],
                ["index": 1, "message": ["role": "assistant", "content": "ho"], "finish_reason": "length"],
            ],
            "usage": ["prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3],
        ]
        #expect(
            try text(response, .chat) == """
                {"candidates":[{"message":{"role":"assistant","content":"hi"},"metadata":{"finish_reason":"stop"}},\
                {"message":{"role":"assistant","content":"ho"},"metadata":{"finish_reason":"length"}}],\
                "metadata":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"model":"m-1","route_type":"llm/v1/chat"}}
                """)
    }

    @Test(arguments: [
        #"{"text": "hi", "finish_reason": "stop"}"#,
        #"{"message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}"#,
        #"{"message": {"content": [{"type": "text", "text": "h"}, {"type": "text", "text": "i"}]}, "finish_reason": "stop"}"#,
    ])
    func `A completion or a chat is converted to a completion, with null for unknown values`(choice: String) throws {
        let response: JSONObject = ["choices": [try JSONValue(parsing: choice)]]
        #expect(
            try text(response, .completions) == """
                {"candidates":[{"text":"hi","metadata":{"finish_reason":"stop"}}],\
                "metadata":{"input_tokens":null,"output_tokens":null,"total_tokens":null,"model":"m",\
                "route_type":"llm/v1/completions"}}
                """)
    }

    @Test(arguments: ["tool_calls", "content_filter", nil] as [String?])
    func `A finish reason outside MLflow's schema is null, and missing content an empty string`(reason: String?) throws {
        let response: JSONObject = [
            "choices": [
                ["message": ["role": "assistant", "content": .null], "finish_reason": reason.map { .string($0) } ?? .null]
            ]
        ]
        let candidate = try MLflow25Response.mlflow25(response, for: .chat, model: "m")["candidates"]?.arrayValue?.first
        #expect(candidate?["message"]?["content"] == "")
        #expect(candidate?["metadata"]?["finish_reason"] == .null)
    }

    @Test func `Embeddings are lists of numbers, and have no output tokens`() throws {
        let response: JSONObject = [
            "data": [["embedding": [0.5, 1]], ["embedding": []]], "model": "e", "usage": ["prompt_tokens": 4, "total_tokens": 4],
        ]
        #expect(
            try text(response, .embeddings) == """
                {"embeddings":[[0.5,1.0],[]],"metadata":{"input_tokens":4,"output_tokens":0,"total_tokens":4,"model":"e",\
                "route_type":"llm/v1/embeddings"}}
                """)
    }

    @Test(arguments: [
        (MLflow25RouteType.chat, "{}"), (.completions, #"{"choices": 3}"#), (.embeddings, "{}"),
        (.embeddings, #"{"data": [{"embedding": "AAAA"}]}"#), (.embeddings, #"{"data": [3]}"#),
    ])
    func `A response without choices or embeddings is an error of the provider`(routeType: MLflow25RouteType, response: String) throws {
        let response = try #require(try JSONValue(parsing: response).objectValue)
        let error = try #require(throws: MLflow25Error.self) { try MLflow25Response.mlflow25(response, for: routeType, model: "m") }
        #expect(error.status == 502)
    }

    private func text(_ response: JSONObject, _ routeType: MLflow25RouteType) throws -> String {
        JSONValue.object(try MLflow25Response.mlflow25(response, for: routeType, model: "m")).jsonString
    }
}
