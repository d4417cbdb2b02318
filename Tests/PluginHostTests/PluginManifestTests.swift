import Foundation
import JSON
import PluginHost
import TestSupport
import Testing

/// What a manifest may contain.
@Suite struct PluginManifestTests {
    @Test func `A manifest keeps the members that only its kind defines`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            let manifest = try #require(Greeter.catalog(directory).plugins.first).manifest
            #expect(manifest.name == "polite")
            #expect(manifest.version == "0.1")
            #expect(manifest.members["languages"] == ["en"])
            #expect(try manifest.file("phrases") == directory + "/phrases.txt")
            #expect(try manifest.file("missing") == nil)
            #expect(throws: PluginError("the manifest's 'languages' must be a non-empty string")) { try manifest.file("languages") }
        }
    }

    @Test(arguments: [
        ("{", "the manifest is not valid JSON"),
        ("[]", "the manifest is not a JSON object"),
        (#"{"name": "a", "version": "1", "abi": 3, "library": "libgreeter.so"}"#, "the manifest's 'kind' must be a non-empty string"),
        (#"{"kind": "greeter", "version": "1", "abi": 3, "library": "libgreeter.so"}"#, "the manifest's 'name' must be a non-empty string"),
        (
            #"{"kind": "greeter", "name": "a b", "version": "1", "abi": 3, "library": "libgreeter.so"}"#,
            "the manifest's 'name' may contain only ASCII letters, digits, '-' and '_'"
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": "3", "library": "libgreeter.so"}"#,
            "the manifest's 'abi' must be an integer"
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 3, "library": "../libgreeter.so"}"#,
            "the manifest's 'library' must be a file name, not a path"
        ),
        (
            // The kernel sees a slash, though the character is another one.
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 3, "library": "..\u002f\u0301libgreeter.so"}"#,
            "the manifest's 'library' must be a file name, not a path"
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 3, "library": "libother.so"}"#,
            "the library libother.so is neither in the manifest's directory nor in its parent directory"
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 2, "library": "libgreeter.so"}"#,
            "it was built for version 2 of the interface, but this program supports version 3"
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 3, "library": "greeter.plugin.json"}"#,
            "can't load the library: "
        ),
        (
            #"{"kind": "greeter", "name": "a", "version": "1", "abi": 3, "library": "libgreeter.so", "vectors": "none.json"}"#,
            "none.json can't be read"
        ),
    ])
    func `An invalid manifest is rejected with the reason`(manifest: String, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory, manifest: manifest)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.first?.reason.contains(reason) == true, "\(catalog.rejected)")
        }
    }
}
