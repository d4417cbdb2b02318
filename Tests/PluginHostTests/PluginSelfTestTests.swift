import Foundation
import JSON
import PluginHost
import TestSupport
import Testing

/// Self-tests, and the comparison of their results.
@Suite struct PluginSelfTestTests {
    @Test(arguments: [
        ("{", "the vectors file is not valid JSON"),
        (#"{"vectors": []}"#, "the vectors file contains no vectors"),
        (
            #"{"vectors": [{"name": "a", "input": "Ada", "greetings": ["Hello", "Ada"]}, {"name": "b", "input": "Ada", "greetings": []}]}"#,
            #"self-test 'b': greetings: got ["Hello","Ada"], expected []"#
        ),
        (#"{"vectors": [{"input": ""}]}"#, "self-test 'unnamed': invalid: the name is empty"),
    ])
    func `A plugin that fails its self-test is rejected with the reason`(vectors: String, reason: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory, vectors: vectors)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.first?.reason.hasPrefix(reason) == true, "\(catalog.rejected)")
        }
    }

    @Test func `A file of vectors has a maximum size, which the kind can change`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            let path = directory + "/greeter.vectors.json"
            #expect(throws: PluginError("\(path) is longer than 10 bytes")) { try PluginSelfTest(path: path, sizeLimit: 10) }
            #expect(try PluginSelfTest(path: path).vectors.map(\.name) == ["a name"])
        }
    }

    @Test(arguments: [
        (#"{"a": 1, "b": [true, null]}"#, #"{"b": [true, null], "a": 1.0}"#, true), ("[1, 2]", "[2, 1]", false),
        (#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, false), (#""1""#, "1", false), ("[{}]", "[{}]", true),
    ])
    func `Values are equal regardless of the order of members and the format of numbers`(
        left: String, right: String, areEqual: Bool
    ) throws {
        let vector = TestVector(["name": "a"])
        let values = try (JSONValue(parsing: Array(left.utf8)), JSONValue(parsing: Array(right.utf8)))
        if areEqual {
            try vector.expect(values.0, values.1, "it")
        } else {
            #expect(throws: PluginError.self) { try vector.expect(values.0, values.1, "it") }
        }
    }
}
