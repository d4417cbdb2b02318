/// MLflow's page tokens: base64 of `{"offset": N}`.
package enum PageToken {
    /// The maximum length in bytes. The tokens of our services are much shorter.
    package static let maximumLength = 4_096

    /// Creates a token for an offset.
    package static func make(offset: Int) -> String {
        Base64.encode(Array("{\"offset\": \(offset)}".utf8))
    }

    /// Decodes the offset in a token; returns 0 if there is no token.
    package static func offset(of token: String?) throws -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard token.utf8.count <= maximumLength, let bytes = Base64.decode(token) else {
            throw ServiceError.invalidParameter("Invalid page token, could not base64-decode")
        }
        guard let value = try? JSONValue(parsing: bytes), case .object(let object) = value else {
            throw ServiceError.invalidParameter("Invalid page token, parsed value=\(String(decoding: bytes, as: UTF8.self))")
        }
        guard let offset = object["offset"]?.integerValue, offset >= 0, let offset = Int(exactly: offset) else {
            throw ServiceError.invalidParameter("Invalid offset provided in page token")
        }
        return offset
    }
}
