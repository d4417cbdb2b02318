import TestSupport
import Testing
import WireProtocol

@Suite struct ExperimentSearchTests {
    /// Runs `body` with experiments a to d, where c is deleted.
    private static func run(_ engine: TestEngine, _ body: @Sendable (Search) async throws -> Void) async throws {
        try await TrackingFixture.run(on: engine) { tracking in
            let a = try await tracking.experiment("a", tags: ["team": "red", "a.b": "1"])
            _ = try await tracking.experiment("b", tags: ["team": "Blue"])
            let c = try await tracking.experiment("c")
            _ = try await tracking.experiment("d", tags: ["team": "Red"])
            _ = try await tracking.api.post("experiments/delete", #"{"experiment_id":"\#(c)"}"#)
            _ = try await tracking.api.post("experiments/update", #"{"experiment_id":"\#(a)","new_name":"A"}"#)
            try await body(Search(api: tracking.api, first: a))
        }
    }

    private struct Search {
        let api: TestAPI
        /// The ID of experiment A.
        let first: String

        /// The names of the matches in order, or the error if the search is rejected.
        func names(_ fields: String) async throws -> [String] {
            let response = try await api.post("experiments/search", #"{"max_results":100\#(fields)}"#)
            return response.error.map { [$0] } ?? response.strings("experiments.name")
        }

        func names(filter: String) async throws -> [String] {
            try await names(#","filter":\#(JSONValue.string(filter).jsonString)"#)
        }
    }

    @Test(arguments: TestEngine.available)
    func `The newest active experiments come first, with their tags`(engine: TestEngine) async throws {
        try await Self.run(engine) { search in
            #expect(try await search.names("") == ["d", "b", "A", "Default"])
            let found = try await search.api.post("experiments/search", #"{"max_results":1,"filter":"name = 'A'"}"#)
            #expect(Set(found.strings("experiments.tags.key")) == ["team", "a.b"])
            #expect(found.string("experiments.experiment_id") == search.first)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Filters compare attributes and tags`(engine: TestEngine) async throws {
        try await Self.run(engine) { search async throws in
            let expected: [(filter: String, names: [String])] = [
                ("name = 'b'", ["b"]), ("name != 'b'", ["d", "A", "Default"]), ("name LIKE 'D%'", ["Default"]),
                ("name ILIKE 'D%'", ["d", "Default"]), ("attribute.name LIKE '_'", ["d", "b", "A"]), ("name LIKE '\\_'", []),
                ("tags.team = 'red'", ["A"]), ("tag.team != 'red'", ["d", "b"]), ("tags.team ILIKE 'RED'", ["d", "A"]),
                ("tags.team IS NULL", ["Default"]), ("tags.team IS NOT NULL", ["d", "b", "A"]), ("tags.`a.b` = '1'", ["A"]),
                ("tags.team = 'red' AND tags.a.b = '1' AND name != 'x'", ["A"]), ("experiment_id = '\(search.first)'", ["A"]),
                ("experiment_id IN ('0', '\(search.first)')", ["A", "Default"]),
                ("experiment_id NOT IN ('0', '\(search.first)')", ["d", "b"]), ("experiment_id != '0'", ["d", "b", "A"]),
                ("creation_time > 1 AND creation_time <= 3", ["b", "A"]), ("last_update_time > 5", ["A"]),
            ]
            for (filter, names) in expected { #expect(try await search.names(filter: filter) == names, "\(filter)") }
        }
    }

    @Test(arguments: TestEngine.available)
    func `Results are sorted by attributes, ties newest first`(engine: TestEngine) async throws {
        try await Self.run(engine) { search async throws in
            let expected: [(order: String, names: [String])] = [
                (#""creation_time""#, ["Default", "A", "b", "d"]), (#""last_update_time DESC""#, ["A", "d", "b", "Default"]),
                (#""experiment_id""#, ["Default", "A", "b", "d"]), (#""attribute.experiment_id desc""#, ["d", "b", "A", "Default"]),
            ]
            for (order, names) in expected { #expect(try await search.names(#","order_by":[\#(order)]"#) == names, "\(order)") }
            #expect(
                try await search.names(#","order_by":["tags.team"]"#) == ["INVALID_PARAMETER_VALUE: Invalid order_by entity: tag"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Deleted experiments are found only with a matching view type`(engine: TestEngine) async throws {
        try await Self.run(engine) { search async throws in
            #expect(try await search.names(#","view_type":"DELETED_ONLY""#) == ["c"])
            #expect(try await search.names(#","view_type":3"#) == ["d", "c", "b", "A", "Default"])
            #expect(try await search.names(#","view_type":"SOME""#).first?.hasPrefix("INVALID_PARAMETER_VALUE: ") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Results are paginated, with GET too`(engine: TestEngine) async throws {
        try await Self.run(engine) { search in
            let path = "experiments/search?max_results=3&order_by=creation_time+ASC&order_by=name"
            let first = try await search.api.get(path)
            #expect(first.strings("experiments.name") == ["Default", "A", "b"])
            #expect(first.string("next_page_token") == "eyJvZmZzZXQiOiAzfQ==")
            let second = try await search.api.get(path + "&page_token=eyJvZmZzZXQiOiAzfQ%3D%3D")
            #expect(second.strings("experiments.name") == ["d"])
            #expect(second.string("next_page_token") == nil)
            let beyond = PageToken.make(offset: .max)
            #expect(try await search.names(#","page_token":"\#(beyond)""#) == [])
        }
    }

    @Test func `The page size is required and must be between 1 and 50000`() async throws {
        try await Self.run(.sqlite) { search async throws in
            func message(_ size: String) async throws -> String? {
                try await search.api.post("experiments/search", "{\(size)}").string("message")
            }
            let start = "Invalid value"
            let end = "for parameter 'max_results' supplied. It must be"
            #expect(try await message("") == "\(start) 0 \(end) a positive integer")
            #expect(try await message(#""max_results":-1"#) == "\(start) -1 \(end) a positive integer")
            #expect(try await message(#""max_results":50001"#) == "\(start) 50001 \(end) at most 50000")
            #expect(try await message(#""max_results":50000"#) == nil)
        }
    }
}
