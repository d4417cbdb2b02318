import AI21Adapter
import AdapterKit
import AnthropicAdapter
import CohereAdapter
import GeminiAdapter
import HuggingFaceAdapter
import MLflowServingAdapter
import MosaicMLAdapter
import OpenAIAdapter
import OpenAICompatibleAdapter
import Primitives
import UnladenWorkerAdapter

@testable import BedrockAdapter

extension FuzzTarget {
    /// Providers' responses, with one target per adapter, and the framing of their streams.
    static let adapters = [
        adapter(
            AI21Adapter.self,
            [
                #"{"provider":"ai21labs","model":"jamba-large","config":{"ai21labs_api_key":"k"}}"#,
                #"{"provider":"ai21labs","model":"j2-ultra","config":{"ai21labs_api_key":"k"}}"#,
            ], "ai21"),
        adapter(
            AnthropicAdapter.self, [#"{"provider":"anthropic","model":"claude-sonnet-4-5","config":{"anthropic_api_key":"k"}}"#],
            "anthropic"),
        adapter(
            BedrockAdapter.self,
            bedrockModels.map { model in
                #"{"provider":"bedrock","model":"\#(model)","config":{"aws_config":{"aws_region":"us-east-1","aws_access_key_id":"A","aws_secret_access_key":"s"}}}"#
            }, "bedrock"),
        adapter(CohereAdapter.self, [#"{"provider":"cohere","model":"command-a-03-2025","config":{"cohere_api_key":"k"}}"#], "cohere"),
        adapter(GeminiAdapter.self, [#"{"provider":"gemini","model":"gemini-2.5-flash","config":{"gemini_api_key":"k"}}"#], "gemini"),
        adapter(
            HuggingFaceAdapter.self,
            [#"{"provider":"huggingface-text-generation-inference","model":"m","config":{"hf_server_url":"http://h/"}}"#],
            "huggingface"),
        adapter(
            MLflowServingAdapter.self, [#"{"provider":"mlflow-model-serving","model":"m","config":{"model_server_url":"http://h/"}}"#],
            "mlflow-serving"),
        adapter(
            MosaicMLAdapter.self, [#"{"provider":"mosaicml","model":"llama2-70b-chat","config":{"mosaicml_api_key":"k"}}"#], "mosaicml"),
        adapter(OpenAIAdapter.self, [#"{"provider":"openai","model":"gpt-4o-mini","config":{"openai_api_key":"k"}}"#], "openai"),
        adapter(
            OpenAICompatibleAdapter.self,
            ["groq", "deepseek", "xai", "openrouter", "mistral"].map { provider in
                #"{"provider":"\#(provider)","model":"m","config":{"api_key":"k","mistral_api_key":"k"}}"#
            }, "openai-compatible"),
        adapter(
            UnladenWorkerAdapter.self, [#"{"provider":"unladen-worker","model":"m","config":{"worker_url":"http://h/"}}"#], "unladen-worker"
        ),
        FuzzTarget(name: "event-stream") { bytes in
            var input = FuzzInput(bytes)
            var parser = SSEParser(limit: 1_000)
            for piece in input.pieces() {
                for event in piece.withUnsafeBufferPointer({ parser.feed($0) }) {
                    _ = try? event.object()
                    _ = try? event.object(members: ["usage"])
                }
                guard (try? parser.checkLimit()) != nil else { return }
            }
        },
        FuzzTarget(name: "bedrock-event-stream") { bytes in
            var input = FuzzInput(bytes)
            var parser = EventStreamMessageParser()
            for piece in input.pieces() {
                piece.withUnsafeBufferPointer { parser.append($0) }
                do throws(AdapterError) {
                    while let message = try parser.next() { _ = try? message.object() }
                } catch {
                    return
                }
            }
        },
        FuzzTarget(name: "bedrock-headers") { bytes in
            // Without the checksums, which a fuzzer can't guess.
            _ = try? EventStreamMessage.headers(bytes[...])
        },
    ]

    private static let bedrockModels = [
        "anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic.claude-v2:1", "amazon.nova-lite-v1:0", "amazon.titan-text-express-v1",
        "amazon.titan-embed-text-v2:0", "cohere.embed-english-v3", "meta.llama3-3-70b-instruct-v1:0",
    ]

    private static func adapter(_ type: any Adapter.Type, _ configurations: [String], _ name: String) -> FuzzTarget {
        let adapter = FuzzedAdapter(type, configurations)
        return FuzzTarget(name: "adapter-" + name) { adapter.run($0) }
    }
}
