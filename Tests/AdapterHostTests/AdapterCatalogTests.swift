import AdapterHost
import Foundation
import JSON
import PluginHost
import TestSupport
import Testing

/// Loading adapters.
@Suite struct AdapterCatalogTests {
    @Test func `An adapter in plain C loads and works`() async throws {
        try await withTemporaryDirectory { directory in
            try CAdapter.make(in: directory)
            let catalog = AdapterCatalog(directories: [directory])
            #expect(catalog.rejected == [])
            let adapter = try #require(catalog["echo"])
            #expect(adapter.manifest.version == "0.1")
            let error = #expect(throws: AdapterFailure.self) { try adapter.endpoint(provider: "echo", model: "m", config: [:]) }
            #expect(error?.kind == .misconfigured)
            #expect(error?.message == "'echo_url' is missing")

            let endpoint = try adapter.endpoint(provider: "echo", model: "m", config: ["echo_url": "http://127.0.0.1:9/"])
            var call = AdapterCall(task: .chat, streams: true, time: 5, identifier: "id", body: Array("{}".utf8))
            let request = try endpoint.encode(call)
            #expect(request.url == "http://127.0.0.1:9/")
            #expect(request.body == Array("{}".utf8))
            let response = try endpoint.decode(ProviderResponse(status: 200, body: Array("{\"a\":1}".utf8)), of: call)
            #expect(response.body == Array("{\"a\":1}".utf8))
            #expect(try endpoint.decodeError(ProviderResponse(status: 418), of: call).message == "status 418")
            let stream = try endpoint.stream(of: call, head: ProviderResponse(status: 200))
            var events: [AdapterStream.Event] = []
            try stream.feed(Array("{}\n".utf8), into: &events)
            try stream.feed(Array("\n".utf8), into: &events)
            #expect(events == [.data(Array("{}".utf8), name: nil), .end])
            call.task = .embeddings
            let rejected = #expect(throws: AdapterFailure.self) { try endpoint.encode(call) }
            #expect(rejected?.kind == .unsupported)
        }
    }

    @Test(arguments: [
        ("WITH_SHORT_TABLE", "the adapter's table is too small: 16 of 88 bytes"),
        ("WITH_OTHER_ABI", "the adapter's table has version 2, but must have version 1"),
        ("WITH_MISSING_FUNCTION", "a function of the adapter's table is missing"),
        ("WITH_OTHER_SYMBOL", "the library doesn't export unladen_adapter_v1"),
        ("WITH_NO_TABLE", "the adapter reports that it can't run in this environment"),
        ("WITH_NO_PROVIDER", "the adapter's description names no provider"),
        ("WITH_BROKEN_STREAM", "self-test 'a line is an event': the adapter emits invalid JSON"),
    ])
    func `A defective library is rejected with the reason, and other libraries still load`(mistake: String, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            try CAdapter.make(in: directory + "/bad", mistake: mistake)
            try CAdapter.make(in: directory + "/good")
            let catalog = AdapterCatalog(directories: [directory + "/missing", directory])
            #expect(catalog.rejected.map(\.manifest) == [directory + "/bad/echo.plugin.json"])
            #expect(catalog.rejected.first?.reason.hasPrefix(reason) == true, "\(catalog.rejected)")
            #expect(catalog["echo"]?.manifest.library == directory + "/good/libecho.so")
        }
    }

    @Test(arguments: [
        (#"[{"name": "a", "task": "chat"}]"#, "self-test 'a': it has no task or no configuration"),
        (
            #"[{"name": "a", "task": "chat", "configuration": {"provider": "echo", "config": {}}, "request": {}}]"#,
            "self-test 'a': the adapter rejects the configuration: 'echo_url' is missing"
        ),
        (
            #"[{"name": "a", "task": "chat", "configuration": {"provider": "echo", "config": {"echo_url": "u"}}}]"#,
            "self-test 'a': it tests nothing: it needs 'request', 'response', 'status' or the bytes of a 'stream'"
        ),
        (
            #"[{"name": "a", "task": "chat", "configuration": {"provider": "echo", "config": {"echo_url": "u"}}, "request": {"url": "v"}}]"#,
            #"self-test 'a': url: got "u", expected "v""#
        ),
        (
            #"[{"task": "chat", "configuration": {"provider": "echo", "config": {"echo_url": "u"}}, "response": {"status": 418}, "error": {}}]"#,
            #"self-test 'unnamed': error: got {"message":"status 418"}, expected {}"#
        ),
        (
            #"[{"task": "embeddings", "configuration": {"provider": "echo", "config": {"echo_url": "u"}}, "status": "invalid"}]"#,
            #"self-test 'unnamed': status: got "unsupported", expected "invalid""#
        ),
    ])
    func `An adapter that fails its self-test is rejected with the difference`(vectors: String, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            try CAdapter.make(in: directory, vectors: #"{"vectors": \#(vectors)}"#)
            let catalog = AdapterCatalog(directories: [directory])
            #expect(catalog.adapters.isEmpty)
            #expect(catalog.rejected.map(\.reason) == [reason])
        }
    }

    @Test func `A second adapter for a provider is rejected`() async throws {
        try await withTemporaryDirectory { directory in
            try CAdapter.make(in: directory + "/a")
            try CAdapter.make(
                in: directory + "/b", manifest: CAdapter.manifest.replacing("\"name\": \"echo\"", with: "\"name\": \"other\""))
            let catalog = AdapterCatalog(directories: [directory])
            #expect(catalog.adapters.map(\.manifest.name) == ["echo"])
            #expect(catalog.rejected.map(\.reason) == ["the adapter echo already serves the provider 'echo'"])
        }
    }
}
