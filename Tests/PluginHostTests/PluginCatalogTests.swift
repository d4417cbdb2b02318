import Foundation
import PluginHost
import TestSupport
import Testing

/// Finding and loading plugins.
@Suite struct PluginCatalogTests {
    @Test func `A plugin loads, and its output is collected in order`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.rejected == [])
            let greeter = try #require(catalog.plugins.first)
            let (failure, output) = greeter.greet("Ada")
            #expect(failure == nil)
            #expect(output.emitted.map(\.kind) == [16, 16, 17])
            #expect(output.value(16) == Array("Hello".utf8))
            #expect(output.lastValue(16) == Array("Ada".utf8))
            #expect(output.value(17) == [])
            #expect(output.value(18) == nil)
        }
    }

    @Test func `A failed call has the kind and the last message that the plugin reports`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            let (failure, output) = try #require(Greeter.catalog(directory).plugins.first).greet("")
            #expect(failure == .invalid)
            #expect(output.message == "the name is empty")
        }
    }

    @Test(arguments: [
        ("WITH_SHORT_TABLE", "the greeter's table is too small: 8 of 16 bytes"),
        ("WITH_OTHER_ABI", "the greeter's table has version 4, but must have version 3"),
        ("WITH_MISSING_FUNCTION", "a function of the greeter's table is missing"),
        ("WITH_OTHER_SYMBOL", "the library doesn't export greeter_v3"),
        ("WITH_NO_TABLE", "the greeter reports that it can't run in this environment"),
    ])
    func `A defective library is rejected with the reason, and other libraries still load`(mistake: String, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory + "/bad", mistake: mistake)
            try Greeter.make(in: directory + "/good")
            let catalog = Greeter.catalog(directory + "/missing", directory)
            #expect(catalog.rejected.map(\.manifest) == [directory + "/bad/greeter.plugin.json"])
            #expect(catalog.rejected.map(\.reason) == [reason])
            #expect(catalog.plugins.map(\.manifest.library) == [directory + "/good/libgreeter.so"])
        }
    }

    @Test func `A plugin of another kind is ignored, and a second one of the same name is rejected`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory + "/a")
            try Greeter.make(in: directory + "/b")
            try Greeter.make(in: directory + "/c", manifest: #"{"kind": "engine"}"#)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.map(\.manifest.path) == [directory + "/a/greeter.plugin.json"])
            #expect(catalog.rejected.map(\.manifest) == [directory + "/b/greeter.plugin.json"])
            #expect(catalog.rejected.map(\.reason) == ["another greeter has the same name: \(directory)/a/libgreeter.so"])
        }
    }
}
