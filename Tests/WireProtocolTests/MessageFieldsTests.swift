import Primitives
import Testing
import WireProtocol

@Suite struct MessageFieldsTests {
    private func fields(_ json: String) throws -> MessageFields { try MessageFields(body: Array(json.utf8)) }

    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ServiceError)?.message
        }
    }

    @Test(arguments: ["{}", "{\"key\": null}", "{\"key\": \"\"}", "nonsense", "\"{}\"", ""])
    func `A required string that is missing, null or empty is reported by name`(body: String) throws {
        let fields = try fields(body)
        #expect(
            message { _ = try fields.requiredString("key") }
                == "Missing value for required parameter 'key'. See the API docs for more information about request parameters.")
    }

    @Test func `A value of the wrong type is quoted with the name of its Python type`() throws {
        let fields = try fields("{\"key\": {\"b\": \"é\", \"a\": 1}}")
        #expect(
            message { _ = try fields.string("key") }
                == "Invalid value {\"a\":1,\"b\":\"\\u00e9\"} for parameter 'key' supplied:  Hint: Value was of type 'dict'."
                + " See the API docs for more information about request parameters.")
    }

    @Test func `Integers may be numbers or strings`() throws {
        let fields = try fields("{\"a\": 5, \"b\": \"-7\", \"c\": 2.0, \"d\": 2.5}")
        #expect(try fields.integer("a") == 5)
        #expect(try fields.integer("b") == -7)
        #expect(try fields.integer("c") == 2)
        #expect(message { _ = try fields.integer("d") } != nil)
    }

    @Test func `A time is a number of milliseconds, in the format of integers`() throws {
        let fields = try fields("{\"a\": 5, \"b\": \"-7\", \"c\": 2.5, \"d\": null}")
        #expect(try fields.time("a") == UnixMilliseconds(5))
        #expect(try fields.requiredTime("b") == UnixMilliseconds(-7))
        #expect(message { _ = try fields.time("c") } == message { _ = try fields.integer("c") })
        #expect(try fields.time("d") == nil)
        #expect(message { _ = try fields.requiredTime("d") } == MessageFields.missing("d").message)
    }

    @Test func `Numbers may be NaN or infinite`() throws {
        let fields = try fields("{\"a\": \"NaN\", \"b\": NaN, \"c\": \"-Infinity\", \"d\": \"inf\", \"e\": true}")
        #expect(try fields.double("a")?.isNaN == true)
        #expect(try fields.double("b")?.isNaN == true)
        #expect(try fields.double("c") == -.infinity)
        #expect(message { _ = try fields.double("d") } != nil)
        #expect(try fields.double("e") == 1)
    }

    @Test func `A field may be spelled in camel case, but not in both ways at once`() throws {
        #expect(try fields("{\"runId\": \"x\"}").string("run_id") == "x")
        let twice = try fields("{\"runId\": \"x\", \"run_id\": \"y\"}")
        #expect(message { _ = try twice.string("run_id") }?.contains("both 'run_id' and 'runId'") == true)
    }

    @Test func `If a query repeats a name, the first value counts, and all of them form an array`() throws {
        let fields = MessageFields(query: [("a", "1"), ("a", "2")])
        #expect(try fields.string("a") == "1")
        #expect(try fields.strings("a") == ["1", "2"])
    }

    @Test(arguments: [
        ("loss", true), ("a/b c.d-e:f_1", true), ("größe", true), ("", false), ("../x", false), ("a//b", false), ("a\\b", false),
        ("/a", false), ("a\n", false),
    ])
    func `Names must be normalized relative paths`(name: String, isValid: Bool) {
        #expect((message { try Validation.check(name, path: "key") } == nil) == isValid)
    }

    @Test func `Page tokens equal MLflow's and round-trip`() throws {
        #expect(PageToken.make(offset: 1) == "eyJvZmZzZXQiOiAxfQ==")
        for offset in [0, 1, 25, 100_000] { #expect(try PageToken.offset(of: PageToken.make(offset: offset)) == offset) }
        for token in ["x", "aGVsbG8=", "eyJvZmZzZXQiOiAtMX0="] { #expect(message { _ = try PageToken.offset(of: token) } != nil) }
    }
}

/// The limits on the cost of a request.
@Suite struct RequestLimitTests {
    private func message(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ServiceError).map { $0.code == .invalidParameterValue ? $0.message : "\($0)" }
        }
    }

    @Test func `A body that exceeds a limit is rejected, and doesn't count as an empty object`() {
        let wide = Array("{\"experiment_id\": [\(String(repeating: "{\"\":0},", count: 400_000))0]}".utf8)
        #expect(
            message { _ = try MessageFields(body: wide) }
                == "The request's body exceeds a limit: more than 1000000 values and member names at byte 2333347.")
        let deep = Array((String(repeating: "[", count: 200)).utf8)
        #expect(
            message { _ = try MessageFields(body: deep) }
                == "The request's body exceeds a limit: nested deeper than 100 levels at byte 100.")
        let doubled = JSONValue.string("[1,2,3]").jsonBytes()
        #expect(
            message { _ = try MessageFields(body: doubled, limits: JSONLimits(maximumNodes: 2)) }
                == "The request's body exceeds a limit: more than 2 values and member names at byte 3.")
    }

    @Test func `Memory for JSON in a string is reserved before it is parsed`() throws {
        struct NoMemory: Error {}
        let body = JSONValue.string(#"{"a": 1}"#).jsonBytes()
        #expect(throws: NoMemory.self) { try MessageFields(body: body) { _ in throw NoMemory() } }
        let fields = try MessageFields(body: Array(#"{"a": "[1]"}"#.utf8)) { _ in throw NoMemory() }
        #expect(throws: NoMemory.self) { try fields.json(in: "a") }
    }

    @Test func `All strings of a request that contain JSON share its limit`() throws {
        struct Item: ProtobufMessage {
            var value: JSONValue?
            init(_ fields: MessageFields) throws { value = try fields.json(in: "value") }
        }
        let item = #"{"value": "[1, 2, 3]"}"#
        // The body has 15 nodes, and each string 4.
        let body = Array(#"{"items": [\#(item), \#(item), \#(item), \#(item)]}"#.utf8)
        let items: [Item] = try MessageFields(body: body, limits: JSONLimits(maximumNodes: 15)).messages("items")
        #expect(items.map { $0.value != nil } == [true, true, true, false])
    }

    @Test func `An invalid value is quoted up to a few hundred characters, however large it is`() throws {
        let wide = Array("{\"key\": [\(String(repeating: "{\"\":0},", count: 300_000))0]}".utf8)
        let fields = try MessageFields(body: wide)
        let text = try #require(message { _ = try fields.string("key") })
        #expect(text.hasPrefix("Invalid value [{\"\":0},{\"\":0},"))
        #expect(
            text.hasSuffix(
                "… for parameter 'key' supplied:  Hint: Value was of type 'list'. See the API docs for more information about request parameters."
            ))
        #expect(text.count < 700)
    }

    @Test func `No message is longer than the limit`() {
        let error = ServiceError.invalidParameter(ErrorMessage(String(repeating: "x", count: 1_000_000)))
        #expect(error.message.count == Excerpt.messageLength + 1)
    }

    @Test func `A name with a million segments is rejected before it is split`() {
        let name = String(repeating: "a/", count: 1_000_000)
        let text = message { try Validation.check(name, path: "key") }
        #expect(text?.hasSuffix("for parameter 'key' supplied: Names may have at most 16384 bytes.") == true)
    }

    @Test func `An overlong page token is rejected before it is decoded`() {
        #expect(
            message { _ = try PageToken.offset(of: String(repeating: "A", count: 8_000)) } == "Invalid page token, could not base64-decode")
    }

    @Test func `An unknown name in a newer server's response counts as absent, but is an error in a request`() throws {
        let run: JSONValue = ["info": ["run_id": "r", "status": "PAUSED"]]
        #expect(throws: Never.self) { try Run(json: run) }
        let trace = JSONObject([.init(name: "trace_id", value: "t"), .init(name: "state", value: "PAUSED")])
        #expect(try TraceInfoV3(json: .object(trace)).state == .unspecified)
        #expect(throws: ServiceError.self) { try TraceInfoV3(MessageFields(trace)) }
        #expect(throws: MessageError.self) { try TraceInfoV3(json: ["trace_id": "t", "state": []]) }
    }
}
