import Foundation
import JSON
import PluginHost
import TestSupport
import Testing

/// Finding, checking and loading plugins.
@Suite struct PluginHostTests {
    @Test func `An adapter in plain C loads and works`() async throws {
        try await withTemporaryDirectory { folder in
            try CPlugin.make(in: folder)
            let catalog = AdapterCatalog(folders: [folder])
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
            let refused = #expect(throws: AdapterFailure.self) { try endpoint.encode(call) }
            #expect(refused?.kind == .unsupported)
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
        try await withTemporaryDirectory { folder in
            try CPlugin.make(in: folder + "/bad", mistake: mistake)
            try CPlugin.make(in: folder + "/good")
            let catalog = AdapterCatalog(folders: [folder + "/missing", folder])
            #expect(catalog.rejected.map(\.manifest) == [folder + "/bad/echo.plugin.json"])
            #expect(catalog.rejected.first?.reason.hasPrefix(reason) == true, "\(catalog.rejected)")
            #expect(catalog["echo"]?.manifest.library == folder + "/good/libecho.so")
        }
    }

    @Test(arguments: [
        ("{", "the manifest is not valid JSON"),
        (#"{"kind": "adapter", "version": "1", "abi": 1, "library": "libecho.so"}"#, "the manifest's 'name' must be a non-empty string"),
        (
            #"{"kind": "adapter", "name": "a b", "version": "1", "abi": 1, "library": "libecho.so"}"#,
            "the manifest's 'name' may contain only ASCII letters"
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": "1", "library": "libecho.so"}"#,
            "the manifest's 'abi' must be an integer"
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": 1, "library": "../libecho.so"}"#,
            "the manifest's 'library' must be a file name, not a path"
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": 1, "library": "libother.so"}"#,
            "the library libother.so is neither in the manifest's directory nor in its parent directory"
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": 2, "library": "libecho.so"}"#,
            "it was built for version 2 of the interface, but this program supports version 1"
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": 1, "library": "echo.plugin.json"}"#,
            "can't load the library: "
        ),
        (
            #"{"kind": "adapter", "name": "a", "version": "1", "abi": 1, "library": "libecho.so", "vectors": "none.json"}"#,
            "none.json can't be read"
        ),
    ])
    func `An invalid manifest is rejected with the reason`(manifest: String, reason: String) async throws {
        try await withTemporaryDirectory { folder in
            try CPlugin.make(in: folder, manifest: manifest)
            let catalog = AdapterCatalog(folders: [folder])
            #expect(catalog.adapters.isEmpty)
            #expect(catalog.rejected.first?.reason.contains(reason) == true, "\(catalog.rejected)")
        }
    }

    @Test func `A plugin of another kind is ignored, and a second adapter for a provider is rejected`() async throws {
        try await withTemporaryDirectory { folder in
            try CPlugin.make(in: folder + "/a")
            try CPlugin.make(in: folder + "/b", manifest: CPlugin.manifest.replacing("\"name\": \"echo\"", with: "\"name\": \"other\""))
            try CPlugin.make(in: folder + "/c", manifest: CPlugin.manifest.replacing("\"adapter\"", with: "\"engine\""))
            let catalog = AdapterCatalog(folders: [folder])
            #expect(catalog.adapters.map(\.manifest.name) == ["echo"])
            #expect(catalog.rejected.map(\.reason) == ["the adapter echo already serves the provider 'echo'"])
        }
    }
}
