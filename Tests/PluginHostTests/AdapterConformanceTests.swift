import Foundation
import JSON
import PluginHost
import Testing

/// What every adapter of ours must do, on the libraries as they are delivered.
@Suite struct AdapterConformanceTests {
    /// The folder of the build: plugins and their manifests are where the executables are.
    private static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    private static let catalog = AdapterCatalog(folders: [folder])

    private static let files: [String] = {
        let resources = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".resources") } ?? []
        return resources.flatMap { resource in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + resource)) ?? [])
                .filter { $0.hasSuffix(".vectors.json") }.map { folder + "/" + resource + "/" + $0 }
        }.sorted()
    }()

    @Test func `All adapters are found, pass their own tests and are loaded`() {
        #expect(Self.catalog.rejected == [])
        #expect(
            Set(Self.catalog.adapters.flatMap(\.providerNames)) == [
                "openai", "azure", "anthropic", "cohere", "gemini", "palm", "groq", "deepseek", "xai", "openrouter", "togetherai", "mistral",
                "ollama", "vllm", "portkey", "databricks", "ai21labs", "huggingface-text-generation-inference", "mlflow-model-serving",
                "mosaicml", "bedrock", "amazon-bedrock", "unladen-worker",
            ])
    }

    @Test(arguments: files)
    func `Requests, responses, errors and streams are translated as the vectors say, however a stream is cut`(file: String) throws {
        let name = URL(fileURLWithPath: file).lastPathComponent.replacing(".vectors.json", with: "")
        let adapter = try #require(Self.catalog.adapters.first { $0.manifest.name == name })
        for vector in try AdapterSelfTest(path: file).vectors {
            try AdapterSelfTest.run(vector, on: adapter, chunking: .everyOffset)
        }
    }

    @Test(arguments: catalog.adapters.map(\.manifest.name))
    func `An adapter says what its providers can do, and every provider has vectors`(name: String) throws {
        let adapter = try #require(Self.catalog.adapters.first { $0.manifest.name == name })
        for provider in adapter.providers {
            let tasks = provider["tasks"]?.arrayValue?.compactMap(\.stringValue) ?? []
            // One that has nothing to do any more is there to say so.
            if tasks.isEmpty {
                let name = try #require(provider["name"]?.stringValue)
                let error = #expect(throws: AdapterFailure.self) { try adapter.endpoint(provider: name, model: "m", config: [:]) }
                #expect(error?.message.contains("use the provider") == true)
            }
            #expect(tasks.allSatisfy { AdapterTask(rawValue: $0) != nil })
            let streamed = Set(provider["streams"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            #expect(streamed.isSubset(of: tasks))
            for key in provider["config"]?.arrayValue ?? [] {
                #expect(key["name"]?.stringValue?.isEmpty == false)
                #expect(["string", "integer", "number", "boolean", "object"].contains(key["type"]?.stringValue))
            }
        }
    }

    @Test(arguments: catalog.adapters)
    func `Bytes that are no response are refused clearly, and an unknown configuration too`(adapter: LoadedAdapter) throws {
        #expect(throws: AdapterFailure.self) { try adapter.endpoint(provider: "openai", model: "m", config: [:]) }
        let provider = try #require(adapter.providers.first)
        let name = try #require(provider["name"]?.stringValue)
        let vectors = try AdapterSelfTest(path: try #require(adapter.manifest.vectors)).vectors
        let vector = try #require(vectors.first { $0["configuration"]?["provider"]?.stringValue == name })
        let config = try #require(vector["configuration"]?["config"]?.objectValue)
        let endpoint = try adapter.endpoint(provider: name, model: "m", config: config)
        let call = AdapterCall(task: .chat, streams: true, time: 0, identifier: "id", body: Array("{\"messages\": []}".utf8))
        for garbage in ["", "garbage", "[1]", "{", "\u{0}\u{1}", String(repeating: "[", count: 100_000)] {
            let error = #expect(throws: AdapterFailure.self) {
                _ = try endpoint.decode(ProviderResponse(status: 200, body: Array(garbage.utf8)), of: call)
            }
            #expect(error?.kind == .malformed)
            let described = try endpoint.decodeError(ProviderResponse(status: 500, body: Array(garbage.utf8)), of: call)
            #expect(!described.message.isEmpty)
        }
        // Counts that no number can hold must not bring the process down.
        let most = Int64.max
        for counts in ["prompt_tokens", "input_tokens", "inputTokens", "promptTokenCount"] {
            let text = """
                {"id": "a", "content": [], "candidates": [], "message": {"content": []}, "outputs": [], "predictions": ["a"],
                "output": {"message": {"content": []}}, "choices": [], "usage": {"\(counts)": \(most), "completion_tokens": 1, "output_tokens": \(most), "outputTokens": 1,
                "cache_read_input_tokens": "\(most)", "billed_units": {"input_tokens": \(most), "output_tokens": 1e300}},
                "usageMetadata": {"\(counts)": \(most), "candidatesTokenCount": \(most), "thoughtsTokenCount": \(most)}}
                """
            _ = try endpoint.decode(ProviderResponse(status: 200, body: Array(text.utf8)), of: call)
        }
        guard provider["streams"]?.arrayValue?.contains("chat") == true else { return }
        for garbage in ["data: garbage\n\n", "data: [1]\n\n", "data: {\n\n"] {
            let stream = try endpoint.stream(of: call, head: ProviderResponse(status: 200))
            var events: [AdapterStream.Event] = []
            let error = #expect(throws: AdapterFailure.self) { try stream.feed(Array(garbage.utf8), into: &events) }
            #expect(error?.kind == .malformed)
            #expect(events == [])
        }
    }
}

/// What is known of a stream's usage when it breaks off.
@Suite struct BrokenStreamTests {
    private static let catalog = AdapterCatalog(folders: [
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    ])

    private func usage(_ task: AdapterTask, _ events: [String]) throws -> TokenUsage? {
        let adapter = try #require(Self.catalog["vllm"])
        let endpoint = try adapter.endpoint(provider: "vllm", model: "m", config: ["api_base": "http://localhost/v1"])
        let call = AdapterCall(task: task, streams: true, time: 0, identifier: "id", body: Array("{}".utf8))
        let stream = try endpoint.stream(of: call, head: ProviderResponse(status: 200))
        var found: [AdapterStream.Event] = []
        for event in events { try stream.feed(Array("data: \(event)\n\n".utf8), into: &found) }
        return found.reduce(nil) { earlier, event in
            if case .usage(let usage) = event { usage.filled(from: earlier) } else { earlier }
        }
    }

    private static func chunk(_ reason: String, _ usage: String) -> String {
        #"{"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": \#(reason)}], "usage": \#(usage)}"#
    }

    @Test func `A count that runs along with a chat says nothing of its output before there is any`() throws {
        let start = Self.chunk("null", #"{"prompt_tokens": 7, "completion_tokens": 0}"#)
        let first = try #require(try usage(.chat, [start]))
        #expect(first.promptTokens == 7)
        #expect(first.completionTokens == nil)
        let running = Self.chunk("null", #"{"prompt_tokens": 7, "completion_tokens": 3}"#)
        #expect(try usage(.chat, [start, running])?.completionTokens == 3)
        // One that ends with nothing has said nothing.
        #expect(try usage(.chat, [Self.chunk(#""stop""#, #"{"prompt_tokens": 7, "completion_tokens": 0}"#)])?.completionTokens == 0)
        #expect(try usage(.chat, [#"{"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 0}}"#])?.completionTokens == 0)
    }

    @Test func `Only the last event of a response counts`() throws {
        let created = #"{"type": "response.created", "response": {"usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}}}"#
        #expect(try usage(.responses, [created]) == nil)
        let completed = #"{"type": "response.completed", "response": {"usage": {"input_tokens": 5, "output_tokens": 6, "total_tokens": 11}}}"#
        #expect(try usage(.responses, [created, completed])?.completionTokens == 6)
    }
}

extension LoadedAdapter: CustomTestStringConvertible {
    public var testDescription: String { manifest.name }
}
