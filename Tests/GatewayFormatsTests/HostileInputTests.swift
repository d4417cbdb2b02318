import GatewayFormats
import JSON
import Testing
import WireProtocol

/// Requests and responses with random JSON values in any place.
@Suite struct HostileInputTests {
    private static let names = [
        "messages", "role", "content", "type", "text", "image_url", "url", "tools", "tool_calls", "function", "name", "arguments",
        "n", "max_tokens", "temperature", "stop", "prompt", "input", "candidate_count", "choices", "message", "usage", "data",
        "embedding", "finish_reason", "prompt_tokens", "id", "source", "media_type", "stream", "model",
    ]
    private static let texts = [
        "user", "assistant", "text", "image_url", "image", "tool", "function", "stop", "image/png", "0.5", "2",
    ]

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `No OpenAI-style request crashes the validator or the token counter`(seed: UInt64) {
        var json = HostileJSON(seed: seed, names: Self.names, texts: Self.texts)
        for _ in 0..<100 {
            let request = json.object()
            let bound = TokenBound(request)
            #expect(bound.prompt >= 0)
            #expect(bound.completion(maximum: 10) >= 0)
            for task in OpenAITask.allCases {
                do throws(OpenAIRequestError) {
                    try OpenAIRequestValidator.validate(request, for: task)
                } catch {
                    #expect(!error.problems.isEmpty)
                    #expect(throws: Never.self) { try JSONValue(parsing: ErrorFormat.openAI.body(of: error.serviceError).jsonString) }
                    #expect(throws: Never.self) { try JSONValue(parsing: ErrorFormat.fastAPI.body(of: error.serviceError).jsonString) }
                }
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `No request or response crashes the translation for MLflow 2.5`(seed: UInt64) {
        var json = HostileJSON(seed: seed, names: Self.names, texts: Self.texts)
        for _ in 0..<100 {
            for routeType in MLflow25RouteType.allCases {
                let request = try? MLflow25Request(json.value(depth: 5), for: routeType)
                for provider in ["openai", "anthropic", "cohere", "x"] {
                    let sent = try? request?.openAI(for: provider, completionsAsChat: Bool.random(using: &json))
                    if routeType != .embeddings { #expect(sent?.body["candidate_count"] == nil) }
                }
                _ = try? MLflow25Response.mlflow25(json.object(), for: routeType, model: "m")
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `No request or response crashes the translation of the Messages API`(seed: UInt64) {
        var json = HostileJSON(seed: seed, names: Self.messageNames, texts: Self.messageTexts)
        for _ in 0..<200 {
            var request = json.object()
            // Valid, so that the members after them are read.
            request["model"] = "m"
            request["max_tokens"] = 1
            do throws(MessagesError) {
                #expect(try MessagesRequest.openAI(request)["messages"]?.arrayValue?.isEmpty == false)
            } catch {
                #expect(error.status == 400)
                #expect(!error.message.isEmpty)
            }
            let response = try? MessagesResponse.anthropic(json.object())
            #expect(response == nil || response?["content"]?.arrayValue != nil)
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `Whatever a provider streams, the events form a valid stream of the Messages API`(seed: UInt64) {
        var json = HostileJSON(seed: seed, names: Self.chunkNames, texts: Self.chunkTexts)
        for _ in 0..<40 {
            var stream = MessagesStream(model: "m")
            var reader = MessagesStreamReader()
            for _ in 0..<Int.random(in: 0...12, using: &json) {
                let call: JSONValue = [
                    "index": json.value(depth: 0), "id": json.value(depth: 0), "function": .object(json.object(depth: 1)),
                ]
                let delta: JSONValue = ["content": json.value(depth: 2), "tool_calls": [call, json.value(depth: 2)]]
                let choice: JSONValue = ["delta": Bool.random(using: &json) ? delta : json.value(depth: 3)]
                let chunk: JSONValue = Bool.random(using: &json) ? ["choices": [choice]] : json.value(depth: 5)
                reader.read(stream.translate(chunk.jsonBytes()))
            }
            reader.read(stream.finish())
            #expect(reader.violations == [])
            #expect(reader.isAtEnd && stream.isAtEnd)
        }
    }

    private static let messageNames = [
        "messages", "role", "content", "type", "text", "source", "media_type", "data", "url", "tool_use_id", "is_error", "id",
        "name", "input", "system", "tools", "tool_choice", "metadata", "user_id", "stop_sequences", "input_schema", "output_config",
        "format", "choices", "message", "tool_calls", "function", "arguments", "usage", "finish_reason",
    ]
    private static let messageTexts = [
        "user", "assistant", "text", "image", "tool_use", "tool_result", "thinking", "document", "base64", "url", "auto", "any",
        "tool",
    ]
    private static let chunkNames = [
        "choices", "delta", "content", "tool_calls", "index", "id", "function", "name", "arguments", "finish_reason", "usage",
        "error", "refusal", "prompt_tokens", "model",
    ]
    private static let chunkTexts = ["stop", "tool_calls", "length", "a", "b", "f", "{\"a\":", "1}"]
}
