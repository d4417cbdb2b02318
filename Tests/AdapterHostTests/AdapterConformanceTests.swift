import AdapterHost
import Foundation
import JSON
import PluginHost
import Testing

/// Requirements for all of our adapters, tested on the libraries that are shipped.
@Suite struct AdapterConformanceTests {
    /// The build directory: it contains the plugins and their manifests next to the executables.
    private static let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    private static let catalog = AdapterCatalog(directories: [directory])

    private static let files: [String] = {
        let resources = (try? FileManager.default.contentsOfDirectory(atPath: directory))?.filter { $0.hasSuffix(".resources") } ?? []
        return resources.flatMap { resource in
            ((try? FileManager.default.contentsOfDirectory(atPath: directory + "/" + resource)) ?? [])
                .filter { $0.hasSuffix(".vectors.json") }.map { directory + "/" + resource + "/" + $0 }
        }.sorted()
    }()

    @Test func `All adapters are found, pass their self-tests and load`() {
        #expect(Self.catalog.rejected == [])
        #expect(
            Set(Self.catalog.adapters.flatMap(\.providerNames)) == [
                "openai", "azure", "anthropic", "cohere", "gemini", "palm", "groq", "deepseek", "xai", "openrouter", "togetherai",
                "mistral",
                "ollama", "vllm", "portkey", "databricks", "ai21labs", "huggingface-text-generation-inference", "mlflow-model-serving",
                "mosaicml", "bedrock", "amazon-bedrock", "unladen-worker",
            ])
    }

    @Test(arguments: files)
    func `Requests, responses, errors and streams are translated as the vectors specify, however a stream is split`(file: String) throws {
        let name = URL(fileURLWithPath: file).lastPathComponent.replacing(".vectors.json", with: "")
        let adapter = try #require(Self.catalog.adapters.first { $0.manifest.name == name })
        for vector in try PluginSelfTest(path: file).vectors {
            try AdapterProbe(vector, on: adapter).run(chunking: .everyOffset)
        }
    }

    @Test(arguments: catalog.adapters.map(\.manifest.name))
    func `An adapter describes its providers correctly`(name: String) throws {
        let adapter = try #require(Self.catalog.adapters.first { $0.manifest.name == name })
        for provider in adapter.providers {
            let tasks = provider["tasks"]?.arrayValue?.compactMap(\.stringValue) ?? []
            // A provider without tasks exists only to report its replacement.
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
    func `Invalid responses and configurations are rejected with clear errors`(adapter: LoadedAdapter) throws {
        #expect(throws: AdapterFailure.self) { try adapter.endpoint(provider: "openai", model: "m", config: [:]) }
        let provider = try #require(adapter.providers.first)
        let name = try #require(provider["name"]?.stringValue)
        let vectors = try PluginSelfTest(path: try #require(adapter.manifest.vectors)).vectors
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
        // Counts that overflow must not crash the process.
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

/// The usage that is known when a stream ends early.
@Suite struct BrokenStreamTests {
    private static let catalog = AdapterCatalog(directories: [
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

    @Test func `A running count of a chat doesn't report the output before there is any`() throws {
        let start = Self.chunk("null", #"{"prompt_tokens": 7, "completion_tokens": 0}"#)
        let first = try #require(try usage(.chat, [start]))
        #expect(first.promptTokens == 7)
        #expect(first.completionTokens == nil)
        let running = Self.chunk("null", #"{"prompt_tokens": 7, "completion_tokens": 3}"#)
        #expect(try usage(.chat, [start, running])?.completionTokens == 3)
        // A stream that ends without any output has a count of 0.
        #expect(try usage(.chat, [Self.chunk(#""stop""#, #"{"prompt_tokens": 7, "completion_tokens": 0}"#)])?.completionTokens == 0)
        #expect(try usage(.chat, [#"{"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 0}}"#])?.completionTokens == 0)
    }

    @Test func `Only the last event of a response reports its usage`() throws {
        let created = #"{"type": "response.created", "response": {"usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}}}"#
        #expect(try usage(.responses, [created]) == nil)
        let completed =
            #"{"type": "response.completed", "response": {"usage": {"input_tokens": 5, "output_tokens": 6, "total_tokens": 11}}}"#
        #expect(try usage(.responses, [created, completed])?.completionTokens == 6)
    }
}

extension LoadedAdapter: CustomTestStringConvertible {
    public var testDescription: String { manifest.name }
}
