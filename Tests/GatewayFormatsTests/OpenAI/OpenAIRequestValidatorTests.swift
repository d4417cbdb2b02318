import GatewayFormats
import JSON
import Testing
import WireProtocol

@Suite struct OpenAIRequestValidatorTests {
    private static let messages = #""messages": [{"role": "user", "content": "hi"}]"#

    @Test(arguments: [
        (OpenAITask.chat, "{\(messages)}"),
        (.chat, "{\(messages), \"n\": null, \"temperature\": null, \"stop\": null, \"stream\": null, \"tools\": null}"),
        (.chat, "{\(messages), \"n\": 2.0, \"temperature\": 2, \"top_p\": 0, \"stop\": \"x\", \"stream\": true, \"any\": [3]}"),
        (.chat, "{\(messages), \"stop\": [\"a\"], \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]}"),
        (.chat, #"{"messages": [{"role": "developer", "content": [{"type": "text", "text": "x"}]}, {"role": "tool"}]}"#),
        (.completions, #"{"prompt": "a"}"#), (.completions, #"{"prompt": ["a", "b"]}"#), (.completions, #"{"prompt": [1, 2]}"#),
        (.completions, #"{"prompt": [[1, 2], [3]]}"#),
        (.embeddings, #"{"input": "a", "temperature": "not read"}"#), (.embeddings, #"{"input": [[1], [2]]}"#),
        (.responses, #"{"input": "a"}"#), (.responses, #"{"input": [{"role": "user", "content": "a"}], "max_output_tokens": 16}"#),
        (.responses, #"{"previous_response_id": "r"}"#),
    ])
    func `Parameters that a provider may support are allowed`(task: OpenAITask, body: String) throws {
        try OpenAIRequestValidator.validate(try object(body), for: task)
    }

    @Test(arguments: [
        (OpenAITask.chat, "{}", "messages", "missing_required_parameter", "Missing required parameter: 'messages'."),
        (.chat, #"{"messages": null}"#, "messages", "missing_required_parameter", "Missing required parameter: 'messages'."),
        (.chat, #"{"messages": []}"#, "messages", "empty_array", "Invalid 'messages': it must not be empty."),
        (
            .chat, #"{"messages": "x"}"#, "messages", "invalid_type",
            "Invalid type for 'messages': expected an array, but got a string instead."
        ),
        (
            .chat, #"{"messages": [{"role": "user", "content": "a"}, 3]}"#, "messages[1]", "invalid_type",
            "Invalid type for 'messages[1]': expected an object, but got an integer instead."
        ),
        (
            .chat, #"{"messages": [{"content": "a"}]}"#, "messages[0].role", "missing_required_parameter",
            "Missing required parameter: 'messages[0].role'."
        ),
        (
            .chat, #"{"messages": [{"role": "robot", "content": "a"}]}"#, "messages[0].role", "invalid_value",
            "Invalid value for 'messages[0].role'. "
                + "Supported values are: 'system', 'developer', 'user', 'assistant', 'tool', 'function'."
        ),
        (
            .chat, #"{"messages": [{"role": "user", "content": 3}]}"#, "messages[0].content", "invalid_type",
            "Invalid type for 'messages[0].content': expected a string or an array, but got an integer instead."
        ),
        (
            .chat, #"{"messages": [{"role": "user", "content": [{"type": 1}]}]}"#, "messages[0].content[0].type", "invalid_type",
            "Invalid type for 'messages[0].content[0].type': expected a string, but got an integer instead."
        ),
        (
            .chat, "{\(messages), \"n\": 0}", "n", "integer_below_min_value",
            "Invalid 'n': expected a value >= 1, but got 0 instead."
        ),
        (
            .chat, "{\(messages), \"n\": 1.5}", "n", "invalid_type",
            "Invalid type for 'n': expected an integer, but got a decimal instead."
        ),
        (
            .chat, "{\(messages), \"max_completion_tokens\": \"5\"}", "max_completion_tokens", "invalid_type",
            "Invalid type for 'max_completion_tokens': expected an integer, but got a string instead."
        ),
        (
            .chat, "{\(messages), \"temperature\": 2.5}", "temperature", "decimal_above_max_value",
            "Invalid 'temperature': expected a value <= 2, but got 2.5 instead."
        ),
        (
            .chat, "{\(messages), \"top_p\": NaN}", "top_p", "decimal_below_min_value",
            "Invalid 'top_p': expected a value >= 0, but got \"NaN\" instead."
        ),
        (
            .chat, "{\(messages), \"stream\": \"true\"}", "stream", "invalid_type",
            "Invalid type for 'stream': expected a boolean, but got a string instead."
        ),
        (
            .chat, "{\(messages), \"stop\": [\"a\", 1]}", "stop[1]", "invalid_type",
            "Invalid type for 'stop[1]': expected a string, but got an integer instead."
        ),
        (
            .chat, "{\(messages), \"tools\": {}}", "tools", "invalid_type",
            "Invalid type for 'tools': expected an array, but got an object instead."
        ),
        (
            .chat, "{\(messages), \"tools\": [{}]}", "tools[0].type", "missing_required_parameter",
            "Missing required parameter: 'tools[0].type'."
        ),
        (.completions, "{}", "prompt", "missing_required_parameter", "Missing required parameter: 'prompt'."),
        (
            .completions, #"{"prompt": ["a", 1]}"#, "prompt[1]", "invalid_type",
            "Invalid type for 'prompt[1]': expected a string, a token or an array of tokens, but got an integer instead."
        ),
        (
            .completions, #"{"prompt": [-1]}"#, "prompt[0]", "invalid_type",
            "Invalid type for 'prompt[0]': expected a string, a token or an array of tokens, but got an integer instead."
        ),
        (.embeddings, #"{"input": []}"#, "input", "empty_array", "Invalid 'input': it must not be empty."),
        (
            .embeddings, #"{"input": {}}"#, "input", "invalid_type",
            "Invalid type for 'input': expected a string or an array, but got an object instead."
        ),
        (.responses, "{}", "input", "missing_required_parameter", "Missing required parameter: 'input'."),
        (
            .responses, #"{"input": "a", "max_output_tokens": 0}"#, "max_output_tokens", "integer_below_min_value",
            "Invalid 'max_output_tokens': expected a value >= 1, but got 0 instead."
        ),
    ])
    func `An error names the invalid member in OpenAI's format`(
        task: OpenAITask, body: String, parameter: String, code: String, message: String
    ) throws {
        let error = ErrorFormat.openAI.body(of: try validationError(body, task).serviceError)["error"]
        #expect(error?["type"] == "invalid_request_error")
        #expect(error?["param"] == .string(parameter))
        #expect(error?["code"] == .string(code))
        #expect(error?["message"] == .string(message))
    }

    @Test func `All problems are reported in pydantic's format`() throws {
        let body = #"{"messages": [{"role": "x"}, {"content": "a"}], "n": 0, "temperature": 3, "stream": 1}"#
        #expect(
            ErrorFormat.fastAPI.body(of: try validationError(body, .chat).serviceError(status: 422)).jsonString == """
                {"detail":[\
                {"type":"literal_error","loc":["body","messages",0,"role"],\
                "msg":"Input should be 'system', 'developer', 'user', 'assistant', 'tool' or 'function'","input":"x",\
                "ctx":{"expected":"'system', 'developer', 'user', 'assistant', 'tool' or 'function'"}},\
                {"type":"missing","loc":["body","messages",1,"role"],"msg":"Field required","input":{"content":"a"}},\
                {"type":"greater_than_equal","loc":["body","n"],"msg":"Input should be greater than or equal to 1","input":0,\
                "ctx":{"ge":1}},\
                {"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 2","input":3,\
                "ctx":{"le":2}},\
                {"type":"bool_type","loc":["body","stream"],"msg":"Input should be a valid boolean","input":1}]}
                """)
    }

    @Test(arguments: [
        (
            #"{"messages": []}"#, "too_short", "List should have at least 1 item after validation, not 0"
        ),
        (#"{"messages": 3}"#, "list_type", "Input should be a valid list"),
        (#"{"messages": [{"role": 3}]}"#, "string_type", "Input should be a valid string"),
        (#"{"messages": [3]}"#, "dict_type", "Input should be a valid dictionary"),
        (#"{"messages": [{"role": "user", "content": true}]}"#, "value_error", "Input should be a valid string or an array"),
    ])
    func `Types are named as pydantic names them`(body: String, type: String, message: String) throws {
        let problem = try validationError(body, .chat).serviceError.details.fastAPIDetail?.arrayValue?.first
        #expect(problem?["type"] == .string(type))
        #expect(problem?["msg"] == .string(message))
    }

    @Test func `The number of reported problems is limited`() throws {
        let messages = Array(repeating: "3", count: 10_000).joined(separator: ",")
        #expect(try validationError("{\"messages\": [\(messages)]}", .chat).problems.count == 100)
    }

    private func object(_ body: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: body).objectValue)
    }

    private func validationError(_ body: String, _ task: OpenAITask) throws -> OpenAIRequestError {
        let body = try object(body)
        return try #require(throws: OpenAIRequestError.self) { try OpenAIRequestValidator.validate(body, for: task) }
    }

    @Test func `An error quotes only the beginning of a large value`() throws {
        let message: JSONValue = [
            "content": .string(String(repeating: "x", count: 100_000)), "parts": .array(.init(repeating: ["": 0], count: 1000)),
        ]
        let request: JSONObject = ["model": "m", "messages": .array(.init(repeating: message, count: 100)), "n": "many"]
        let error = try #require(throws: OpenAIRequestError.self) { try OpenAIRequestValidator.validate(request, for: .chat) }
        #expect(error.problems.count == 100)
        #expect(ErrorFormat.openAI.body(of: error.serviceError).jsonBytes().count < 1_000)
        #expect(ErrorFormat.fastAPI.body(of: error.serviceError(status: 422)).jsonBytes().count < 100 * 1_500)
    }
}
