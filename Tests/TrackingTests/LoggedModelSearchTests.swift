import TestSupport
import Testing
import WireProtocol

@testable import Tracking

@Suite struct LoggedModelSearchTests {
    /// Models a to d, created in this order, with metrics on datasets.
    private struct Models {
        let api: TestAPI

        /// Fills an empty service.
        init(_ tracking: TrackingFixture) async throws {
            api = tracking.api
            let run = try await tracking.run()
            let a = try await tracking.model(
                "a", #","model_type":"agent","params":[{"key":"p","value":"1"}],"tags":[{"key":"team","value":"Red"}]"#)
            let b = try await tracking.model("b", #","params":[{"key":"p","value":"2"}],"tags":[{"key":"team","value":"blue"}]"#)
            let c = try await tracking.model("c", #","model_type":"Agent""#)
            let d = try await tracking.model("d")
            _ = try await api.patch("logged-models/\(b)", #"{"model_id":"\#(b)","status":"LOGGED_MODEL_READY"}"#)
            try await tracking.log("acc", "0.9", of: a, run: run, time: 10, step: 5, dataset: "train", digest: "1")
            try await tracking.log("acc", "0.1", of: a, run: run, time: 20, step: 1, dataset: "test", digest: "1")
            try await tracking.log("acc", "0.5", of: b, run: run, dataset: "train", digest: "2")
            try await tracking.log("acc", "\"NaN\"", of: c, run: run)
            try await tracking.log("loss", "\"-Infinity\"", of: d, run: run)
        }

        func search(_ fields: String) async throws -> APIResponse {
            try await api.post("logged-models/search", #"{"experiment_ids":["0"]\#(fields)}"#)
        }

        /// The names of the matches in order, or the error if the search is rejected.
        func names(_ fields: String) async throws -> [String] {
            let response = try await search(fields)
            return response.error.map { [$0] } ?? response.strings("models.info.name")
        }

        func names(filter: String, _ fields: String = "") async throws -> [String] {
            try await names(#","filter":\#(JSONValue.string(filter).jsonString)\#(fields)"#)
        }
    }

    private static func run(_ engine: TestEngine, _ body: @Sendable (Models) async throws -> Void) async throws {
        try await TrackingFixture.run(on: engine) { try await body(try await Models($0)) }
    }

    @Test(arguments: TestEngine.available)
    func `Only models in the given experiments are found, newest first`(engine: TestEngine) async throws {
        try await Self.run(engine) { models in
            #expect(try await models.names("") == ["d", "c", "b", "a"])
            let found = try await models.api.post("logged-models/search", #"{"experiment_ids":["98765","99999999999999999999"]}"#)
            #expect(found.text == "{}")
            #expect(try await models.api.post("logged-models/search", #"{"experiment_ids":[]}"#).text == "{}")
            let refused = try await models.api.post("logged-models/search", "{}")
            #expect(refused.string("message")?.hasPrefix("Missing value for required parameter 'experiment_ids'.") == true)
        }
    }

    @Test(arguments: TestEngine.available)
    func `Attributes, params and tags are compared as strings`(engine: TestEngine) async throws {
        try await Self.run(engine) { models async throws in
            let expected: [(filter: String, names: [String])] = [
                ("name = 'a'", ["a"]), ("name != 'a'", ["d", "c", "b"]), ("attributes.name IN ('a', 'd')", ["d", "a"]),
                ("name NOT IN ('a', 'd')", ["c", "b"]), ("model_type = 'agent'", ["a"]), ("model_type ILIKE 'AG%'", ["c", "a"]),
                ("model_type LIKE 'A%'", ["c"]), ("model_type = ''", ["d", "b"]), ("params.p = '1'", ["a"]),
                ("params.p != '1'", ["b"]), ("params.p LIKE '_'", ["b", "a"]), ("tags.team = 'red'", []),
                ("tags.team ILIKE 'red'", ["a"]), ("tags.`team` IN ('Red', 'blue')", ["b", "a"]), ("tags.nobody != 'x'", []),
                ("name = 'a' AND params.p = '1' and tags.team = 'Red'", ["a"]), ("name = 'a' AND name = 'b'", []),
                ("name LIKE '%\\'", []), ("experiment_id = '0' AND lifecycle_stage = 'active'", ["d", "c", "b", "a"]),
                ("status_message != 'x'", []), ("artifact_location LIKE 'mlflow-artifacts:/0/models/%'", ["d", "c", "b", "a"]),
            ]
            for (filter, names) in expected { #expect(try await models.names(filter: filter) == names, "\(filter)") }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A status can be compared by name or number`(engine: TestEngine) async throws {
        try await Self.run(engine) { models async throws in
            #expect(try await models.names(filter: "status = 'READY'") == ["b"])
            #expect(try await models.names(filter: "status = '2'") == ["b"])
            #expect(try await models.names(filter: "status NOT IN ('READY', '3')") == ["d", "c", "a"])
            #expect(try await models.names(filter: "status LIKE 'PEND%'") == ["d", "c", "a"])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Any point of a metric can match, and NaN matches only inequality`(engine: TestEngine) async throws {
        try await Self.run(engine) { models async throws in
            let expected: [(filter: String, names: [String])] = [
                ("metrics.acc > 0.5", ["a"]), ("metrics.acc >= 0.5", ["b", "a"]), ("metrics.acc < 0.5", ["a"]),
                ("metrics.acc = 0.5", ["b"]), ("metrics.acc != 0.5", ["c", "a"]), ("metrics.acc <= 1", ["b", "a"]),
                ("metrics.nobody > 0", []), ("metrics.loss < -1e300", ["d"]), ("metrics.acc > 0.5 AND metrics.acc < 0.5", ["a"]),
                ("creation_timestamp > 0 AND last_updated_timestamp < 1e15", ["d", "c", "b", "a"]),
                ("creation_time < 0", []),
            ]
            for (filter, names) in expected { #expect(try await models.names(filter: filter) == names, "\(filter)") }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A search can be limited to metrics on certain datasets`(engine: TestEngine) async throws {
        try await Self.run(engine) { models async throws in
            let train = #","datasets":[{"dataset_name":"train"}]"#
            let first = #","datasets":[{"dataset_name":"train","dataset_digest":"1"},{"dataset_name":"nobody"}]"#
            #expect(try await models.names(train) == ["b", "a"])
            #expect(try await models.names(first) == ["a"])
            #expect(try await models.names(filter: "metrics.acc < 0.6", train) == ["b"])
            #expect(try await models.names(filter: "metrics.acc < 0.6 AND name = 'a'", first) == [])
            #expect(
                try await models.names(#","datasets":[{"dataset_digest":"1"}]"#)
                    == ["INVALID_PARAMETER_VALUE: `dataset_name` in the `datasets` clause must be specified."])
        }
    }

    @Test(arguments: TestEngine.available)
    func `Models are sorted by attributes and by the latest point of a metric`(engine: TestEngine) async throws {
        try await Self.run(engine) { models async throws in
            let expected: [(order: String, names: [String])] = [
                (#"{"field_name":"name"}"#, ["a", "b", "c", "d"]),
                (#"{"field_name":"creation_timestamp"}"#, ["a", "b", "c", "d"]),
                (#"{"field_name":"status","ascending":false},{"field_name":"name"}"#, ["b", "a", "c", "d"]),
                (#"{"field_name":"last_updated_timestamp"}"#, ["a", "c", "d", "b"]),
                // The later time counts, not the greater step: 0.1 for a. NaN sorts after numbers, and missing values last.
                (#"{"field_name":"metrics.acc"}"#, ["a", "b", "c", "d"]),
                (#"{"field_name":"metrics.acc","ascending":false}"#, ["b", "a", "c", "d"]),
                (#"{"field_name":"metrics.acc","ascending":false,"dataset_name":"train"}"#, ["a", "b", "d", "c"]),
                (#"{"field_name":"metrics.acc","dataset_digest":"2"}"#, ["b", "d", "c", "a"]),
                (#"{"field_name":"metrics.nobody"}"#, ["d", "c", "b", "a"]),
            ]
            for (order, names) in expected { #expect(try await models.names(#","order_by":[\#(order)]"#) == names, "\(order)") }
        }
    }

    @Test func `Any other sort key is rejected`() async throws {
        try await Self.run(.sqlite) { models async throws in
            func message(_ field: String) async throws -> String? {
                try await models.search(#","order_by":[{"field_name":"\#(field)"}]"#).string("message")
            }
            #expect(try await message("nobody") == "Invalid order by field name: nobody")
            #expect(try await message("params.p") == "Invalid order by field name: params.p. Only metrics are supported.")
            #expect(try await message("") == "Invalid order by field name: ")
        }
    }

    @Test(arguments: TestEngine.available)
    func `A page continues where the previous one ended`(engine: TestEngine) async throws {
        try await Self.run(engine) { models in
            let order = #","max_results":3,"order_by":[{"field_name":"name","ascending":false}],"filter":"name != 'zz'""#
            let first = try await models.search(order)
            #expect(first.strings("models.info.name") == ["d", "c", "b"])
            let token = try #require(first.string("next_page_token"))
            let second = try await models.search(order + #","page_token":"\#(token)""#)
            #expect(second.strings("models.info.name") == ["a"])
            #expect(second.string("next_page_token") == nil)
            #expect(try await models.search(#","max_results":4"#).string("next_page_token") == nil)
            #expect(try await models.names(#","max_results":0"#).count == 4)
            #expect(
                try await models.names(#","max_results":-1"#) == [
                    "INVALID_PARAMETER_VALUE: Invalid value -1 for parameter 'max_results' supplied. It must be a positive integer"
                ])
        }
    }

    @Test func `A filter may contain more than a thousand comparisons`() async throws {
        try await Self.run(.sqlite) { models async throws in
            // More than the 1000 levels of nesting that SQLite allows in an expression.
            let filter = (1...1200).map { "name != '\($0)'" }.joined(separator: " AND ")
            #expect(try await models.names(filter: filter) == ["d", "c", "b", "a"])
        }
    }
}
