internal import Foundation
internal import WireProtocol

/// The page tokens of MLflow's gateway: `{"index": N}` in base64.
enum GatewayPageToken {
    static func encode(_ index: Int) -> String { Data("{\"index\": \(index)}".utf8).base64EncodedString() }

    /// The index in a token; `nil` if the token is invalid.
    static func decode(_ token: String) -> Int? {
        guard token.utf8.count <= PageToken.maximumLength, let data = Data(base64Encoded: token),
            let json = try? JSONValue(parsing: Array(data)), let index = json["index"]?.integerValue
        else { return nil }
        return Int(exactly: index).flatMap { $0 >= 0 ? $0 : nil }
    }
}
