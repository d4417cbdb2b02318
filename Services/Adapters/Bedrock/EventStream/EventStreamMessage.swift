internal import AdapterKit
internal import JSON

/// A message of a stream of type `application/vnd.amazon.eventstream`.
struct EventStreamMessage: Equatable {
    /// The headers of type string. Bedrock uses no other type.
    var headers: [String: String]
    var payload: [UInt8]

    /// The payload as a JSON object.
    func object() throws(AdapterError) -> JSONObject { try Self.object(payload) }

    static func object(_ bytes: [UInt8]) throws(AdapterError) -> JSONObject {
        do {
            guard case .object(let object) = try JSONValue(parsing: bytes) else { throw AdapterError.malformed(noObject) }
            return object
        } catch {
            throw .malformed("\(noObject): \(error)")
        }
    }

    private static let noObject: ErrorMessage = "an event of the stream is not a JSON object"
}

extension EventStreamMessage {
    /// Parses the headers: each consists of a name with a one-byte length, a type, and a value.
    ///
    /// Format: Smithy's "Amazon Event Stream Specification".
    static func headers(_ bytes: ArraySlice<UInt8>) throws(AdapterError) -> [String: String] {
        var reader = Reader(rest: bytes)
        var headers: [String: String] = [:]
        while !reader.rest.isEmpty {
            let name = try reader.read(Int(try reader.byte()))
            switch try reader.byte() {
            case 0, 1: break  // true, false
            case 2: _ = try reader.read(1)
            case 3: _ = try reader.read(2)
            case 4: _ = try reader.read(4)
            case 5, 8: _ = try reader.read(8)  // int64, timestamp
            case 6: _ = try reader.read(try reader.length())
            case 7:
                let value = try reader.read(try reader.length())
                headers[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            case 9: _ = try reader.read(16)
            case let type: throw .malformed("a message of the stream has a header of the unknown type \(type)")
            }
        }
        return headers
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func byte() throws(AdapterError) -> UInt8 {
            guard let byte = rest.popFirst() else { throw Self.cutOff }
            return byte
        }

        /// Reads a two-byte length.
        mutating func length() throws(AdapterError) -> Int { Int(try byte()) << 8 | Int(try byte()) }

        mutating func read(_ count: Int) throws(AdapterError) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw Self.cutOff }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        private static var cutOff: AdapterError { .malformed("a message of the stream has a truncated header") }
    }
}
