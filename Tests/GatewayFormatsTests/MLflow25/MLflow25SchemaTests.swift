import GatewayFormats
import JSON
import Testing
import WireProtocol

/// The responses of MLflow 2.5's own gateway, run with pydantic 1.10.
@Suite struct MLflow25SchemaTests {
    /// Valid chat messages, for bodies with other invalid members.
    private static let messages = #""messages": [{"role": "user", "content": "hi"}]"#

    @Test(arguments: [
        ("{}", ["messages: field required (value_error.missing)"]),
        (#"{"messages": []}"#, ["messages: ensure this value has at least 1 items (value_error.list.min_items, 1)"]),
        (#"{"messages": null}"#, ["messages: none is not an allowed value (type_error.none.not_allowed)"]),
        (#"{"messages": "x"}"#, ["messages: value is not a valid list (type_error.list)"]),
        (#"{"messages": {"role": "user", "content": "hi"}}"#, ["messages: value is not a valid list (type_error.list)"]),
        (
            #"{"messages": ["x", 3, null, {}]}"#,
            [
                "messages/0: value is not a valid dict (type_error.dict)",
                "messages/1: value is not a valid dict (type_error.dict)",
                "messages/2: none is not an allowed value (type_error.none.not_allowed)",
                "messages/3/role: field required (value_error.missing)",
                "messages/3/content: field required (value_error.missing)",
            ]
        ),
        (#"{"messages": [{"role": true, "content": [1]}]}"#, ["messages/0/content: str type expected (type_error.str)"]),
        (
            #"{"messages": [{"role": null, "content": {}}]}"#,
            [
                "messages/0/role: none is not an allowed value (type_error.none.not_allowed)",
                "messages/0/content: str type expected (type_error.str)",
            ]
        ),
        (
            "{\(messages), \"temperature\": 1.5}",
            ["temperature: ensure this value is less than or equal to 1 (value_error.number.not_le, 1)"]
        ),
        (
            "{\(messages), \"temperature\": -0.5, \"candidate_count\": 0, \"stop\": [], \"max_tokens\": 0}",
            [
                "temperature: ensure this value is greater than or equal to 0 (value_error.number.not_ge, 0)",
                "candidate_count: ensure this value is greater than or equal to 1 (value_error.number.not_ge, 1)",
                "stop: ensure this value has at least 1 items (value_error.list.min_items, 1)",
                "max_tokens: ensure this value is greater than or equal to 1 (value_error.number.not_ge, 1)",
            ]
        ),
        (
            "{\(messages), \"temperature\": \"x\", \"candidate_count\": \"y\", \"stop\": \"z\", \"max_tokens\": \"w\"}",
            [
                "temperature: value is not a valid float (type_error.float)",
                "candidate_count: value is not a valid integer (type_error.integer)",
                "stop: value is not a valid list (type_error.list)",
                "max_tokens: value is not a valid integer (type_error.integer)",
            ]
        ),
        (
            "{\(messages), \"temperature\": null, \"candidate_count\": null, \"stop\": null, \"max_tokens\": null}",
            [
                "temperature: none is not an allowed value (type_error.none.not_allowed)",
                "candidate_count: none is not an allowed value (type_error.none.not_allowed)",
            ]
        ),
        (
            "{\(messages), \"temperature\": [], \"candidate_count\": {}, \"stop\": [null, [], {}], \"max_tokens\": []}",
            [
                "temperature: value is not a valid float (type_error.float)",
                "candidate_count: value is not a valid integer (type_error.integer)",
                "stop/0: none is not an allowed value (type_error.none.not_allowed)",
                "stop/1: str type expected (type_error.str)",
                "stop/2: str type expected (type_error.str)",
                "max_tokens: value is not a valid integer (type_error.integer)",
            ]
        ),
        (
            "{\(messages), \"candidate_count\": 6, \"temperature\": NaN}",
            [
                "temperature: ensure this value is greater than or equal to 0 (value_error.number.not_ge, 0)",
                "candidate_count: ensure this value is less than or equal to 5 (value_error.number.not_le, 5)",
            ]
        ),
        (
            "{\(messages), \"candidate_count\": Infinity, \"temperature\": Infinity, \"max_tokens\": \"1.5\"}",
            [
                "temperature: ensure this value is less than or equal to 1 (value_error.number.not_le, 1)",
                "candidate_count: value is not a valid integer (type_error.integer)",
                "max_tokens: value is not a valid integer (type_error.integer)",
            ]
        ),
        (
            "{\(messages), \"candidate_count\": 1e300}",
            ["candidate_count: ensure this value is less than or equal to 5 (value_error.number.not_le, 5)"]
        ),
        (#""x""#, [": value is not a valid dict (type_error.dict)"]),
        ("null", [": field required (value_error.missing)"]),
    ])
    func `A chat that doesn't match the schema is rejected with all problems`(body: String, expected: [String]) throws {
        #expect(try problems(body, .chat) == expected)
    }

    @Test(arguments: [
        ("{}", ["prompt: field required (value_error.missing)"]),
        (#"{"prompt": null}"#, ["prompt: none is not an allowed value (type_error.none.not_allowed)"]),
        (#"{"prompt": ["hi"]}"#, ["prompt: str type expected (type_error.str)"]),
    ])
    func `A completion needs a prompt that is a string`(body: String, expected: [String]) throws {
        #expect(try problems(body, .completions) == expected)
    }

    @Test(arguments: [
        ("{}", ["text: field required (value_error.missing)"]),
        (#"{"text": null}"#, ["text: none is not an allowed value (type_error.none.not_allowed)"]),
        (#"{"text": {}}"#, ["text: str type expected (type_error.str)", "text: value is not a valid list (type_error.list)"]),
        (
            #"{"text": [null, {}]}"#,
            [
                "text: str type expected (type_error.str)", "text/0: none is not an allowed value (type_error.none.not_allowed)",
                "text/1: str type expected (type_error.str)",
            ]
        ),
    ])
    func `Embeddings need a string or a list of strings`(body: String, expected: [String]) throws {
        #expect(try problems(body, .embeddings) == expected)
    }

    @Test func `An error has FastAPI's format`() throws {
        let error = try #require(throws: MLflow25Error.self) { try MLflow25Request(["temperature": 2], for: .chat) }
        #expect(error.status == 422)
        #expect(
            ErrorFormat.fastAPI.body(of: error.serviceError).jsonString == """
                {"detail":[{"loc":["body","temperature"],"msg":"ensure this value is less than or equal to 1",\
                "type":"value_error.number.not_le","ctx":{"limit_value":1}},\
                {"loc":["body","messages"],"msg":"field required","type":"value_error.missing"}]}
                """)
    }

    @Test func `A body that isn't JSON is rejected with the offset of the error`() throws {
        let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: #"{"a": "#) }
        let response = MLflow25Error.invalidJSON(error)
        #expect(response.status == 422)
        #expect(response.detail.arrayValue?.first?["loc"] == ["body", 6])
        #expect(response.detail.arrayValue?.first?["type"] == "json_invalid")
    }

    @Test func `The number of reported problems is limited`() throws {
        let error = try #require(throws: MLflow25Error.self) {
            try MLflow25Request(["messages": .array(Array(repeating: [:], count: 10_000))], for: .chat)
        }
        #expect(error.detail.arrayValue?.count == 100)
    }

    /// The problems of a body, each as `path: message (type, limit)`.
    private func problems(_ body: String, _ routeType: MLflow25RouteType) throws -> [String] {
        let body = try JSONValue(parsing: body)
        let error = try #require(throws: MLflow25Error.self) { try MLflow25Request(body, for: routeType) }
        #expect(error.status == 422)
        return (error.detail.arrayValue ?? []).map { problem in
            let place = (problem["loc"]?.arrayValue ?? []).dropFirst().map { $0.stringValue ?? $0.jsonString }.joined(separator: "/")
            let limit = problem["ctx"]?["limit_value"].map { ", \($0.jsonString)" } ?? ""
            return "\(place): \(problem["msg"]?.stringValue ?? "") (\(problem["type"]?.stringValue ?? "")\(limit))"
        }
    }
}
