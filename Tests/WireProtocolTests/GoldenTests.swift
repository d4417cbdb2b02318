import Foundation
import Testing
import WireProtocol

/// Reads and writes every message. The files in `Golden/` have the members of MLflow's REST API (mlflow/protos), of OTLP, and of the
/// gateway.
@Suite struct GoldenTests {
    @Test(arguments: GoldenMessage.all)
    func `A message that is read and written again is the same`(message: GoldenMessage) throws {
        let json = try message.json()
        #expect(try message.read(json).jsonString == json.jsonString)
    }

    @Test(arguments: GoldenMessage.all)
    func `Unknown members are ignored`(message: GoldenMessage) throws {
        let json = try message.json()
        var extended = try #require(json.objectValue)
        extended["from_the_future"] = [["a": 1]]
        #expect(try message.read(.object(extended)).jsonString == json.jsonString)
    }

    @Test(arguments: GoldenMessage.all.filter { !$0.isStrict })
    func `Missing members have defaults, and written defaults are read again`(message: GoldenMessage) throws {
        let empty = try message.read([:]).jsonString
        #expect(try message.read(JSONValue(parsing: empty)).jsonString == empty)
    }

    @Test(arguments: GoldenMessage.all)
    func `JSON that isn't an object, or has members of the wrong type, is reported`(message: GoldenMessage) throws {
        let object = try #require(try message.json().objectValue)
        for json: JSONValue in [[], "text", 7, .null] { #expect(throws: MessageError.self) { try message.read(json) } }
        // Every message has members that can't be Booleans.
        let wrong = JSONObject(object.members.map { .init(name: $0.name, value: true) })
        #expect(throws: MessageError.self) { try message.read(.object(wrong)) }
    }

    @Test func `Every file is the JSON of a message`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenMessage.directory.path)
        #expect(Set(files) == Set(GoldenMessage.all.map { "\($0.name).json" }))
        #expect(GoldenMessage.all.count == files.count)
    }
}
