package import JSON
package import Primitives

extension SSEParser.Event {
    /// The data as a JSON object.
    package func object() throws(AdapterError) -> JSONObject {
        do {
            guard case .object(let object) = try JSONValue(parsing: data) else { throw AdapterError.malformed(Self.noObject) }
            return object
        } catch {
            throw .malformed("\(Self.noObject): \(error)")
        }
    }

    /// The data as a JSON object, limited to some of its members; the others are only validated.
    package func object(members: [String]) throws(AdapterError) -> JSONObject {
        do {
            guard let object = try JSONObject(parsing: data, members: members) else { throw AdapterError.malformed(Self.noObject) }
            return object
        } catch let error as AdapterError {
            throw error
        } catch {
            throw .malformed("\(Self.noObject): \(error)")
        }
    }

    private static var noObject: ErrorMessage { "an event of the stream is not a JSON object" }

    /// The data on a single line: serializes `object`, the parsed data, if the data contain line breaks.
    package func line(_ object: JSONObject) -> [UInt8] {
        data.contains(UInt8(ascii: "\n")) ? JSONValue.object(object).jsonBytes() : data
    }
}

extension SSEParser {
    /// Checks the length of the current event.
    ///
    /// - Throws: `AdapterError.malformed` when it is too long.
    package func checkLimit() throws(AdapterError) {
        guard isWithinLimit else { throw .malformed("an event of the stream is longer than \(limit) bytes") }
    }
}
