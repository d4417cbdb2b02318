internal import Primitives

/// MLflow's page tokens: JSON in base64, whose members say where the next page starts.
package enum PageToken {
    /// The maximum length in bytes. The tokens of our services are much shorter.
    package static let maximumLength = 4_096

    // MARK: An offset, `{"offset": N}`

    /// Creates a token for an offset.
    package static func make(offset: Int) -> String { encode(["offset": .integer(Int64(offset))]) }

    /// Decodes the offset in a token; returns 0 if there is no token.
    package static func offset(of token: String?) throws -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let bytes = decodeBase64(token, maximumLength: maximumLength) else {
            throw ServiceError.invalidParameter("Invalid page token, could not base64-decode")
        }
        guard let value = try? JSONValue(parsing: bytes), case .object(let object) = value else {
            throw ServiceError.invalidParameter("Invalid page token, parsed value=\(String(decoding: bytes, as: UTF8.self))")
        }
        guard let offset = position(object["offset"]) else {
            throw ServiceError.invalidParameter("Invalid offset provided in page token")
        }
        return offset
    }

    // MARK: An index, `{"index": N}`, in the gateway's lists

    /// Creates a token for an index.
    package static func make(index: Int) -> String { encode(["index": .integer(Int64(index))]) }

    /// Decodes the index in a token; `nil` if the token is invalid.
    package static func index(of token: String) -> Int? { decode(token).flatMap { position($0["index"]) } }

    // MARK: Any members

    /// Creates a token, with JSON as Python writes it.
    package static func encode(_ members: JSONObject) -> String {
        Base64.encode(Array(JSONValue.object(members).pythonJSONString.utf8))
    }

    /// Decodes the members of a token; `nil` if the token is invalid or has more than `maximumLength` bytes.
    package static func decode(_ token: String, maximumLength: Int = maximumLength) -> JSONObject? {
        guard let bytes = decodeBase64(token, maximumLength: maximumLength) else { return nil }
        return try? JSONValue(parsing: bytes).objectValue
    }

    private static func decodeBase64(_ token: String, maximumLength: Int) -> [UInt8]? {
        token.utf8.count <= maximumLength ? Base64.decode(token) : nil
    }

    /// The number in a token if it can be a position.
    package static func position(_ value: JSONValue?) -> Int? {
        value?.integerValue.flatMap(Int.init(exactly:)).flatMap { $0 >= 0 ? $0 : nil }
    }
}
