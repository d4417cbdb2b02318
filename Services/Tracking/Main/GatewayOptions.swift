internal import ArgumentParser
internal import Foundation
internal import ServiceKit
internal import Tracking

/// Options for the gateway that the UI's playground and prompt engineering use.
struct GatewayOptions: ParsableArguments {
    @Option(
        help: """
            URL of the gateway. Without it, the UI has no playground. [UNLADEN_GATEWAY_URI, MLFLOW_DEPLOYMENTS_TARGET]
            """)
    var gatewayUri: String?

    @Option(
        help: """
            File with the API key that this service sends to the gateway; clients never see it. To pass the key itself, set \
            UNLADEN_GATEWAY_KEY instead. [UNLADEN_GATEWAY_KEY_FILE]
            """)
    var gatewayKeyFile: String?

    /// The maximum size of the key file in bytes.
    private static let keyLimit = 4096

    /// Returns the gateway's URL and key; `nil` without a gateway.
    ///
    /// - Throws: `ConfigurationError` for an invalid URL or a key file that can't be read.
    func settings() throws -> GatewaySettings? {
        let address = gatewayUri ?? Environment["UNLADEN_GATEWAY_URI", "MLFLOW_DEPLOYMENTS_TARGET"]
        guard let address, !address.isEmpty else {
            if gatewayKeyFile != nil {
                throw ConfigurationError("--gateway-key-file requires --gateway-uri, the gateway that the key is for.")
            }
            return nil
        }
        do {
            return try GatewaySettings(url: address, key: try key())
        } catch let error as InvalidGatewaySettings {
            switch error {
            case .url: throw ConfigurationError("--gateway-uri must be the URL of a gateway, such as http://127.0.0.1:5002.")
            case .key: throw ConfigurationError("The gateway's key (--gateway-key-file, UNLADEN_GATEWAY_KEY) must be printable ASCII.")
            }
        }
    }

    private func key() throws -> String? {
        guard let path = gatewayKeyFile ?? Environment["UNLADEN_GATEWAY_KEY_FILE"] else { return Environment["UNLADEN_GATEWAY_KEY"] }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.keyLimit else {
            throw ConfigurationError("--gateway-key-file: failed to read \(path), which must have at most \(Self.keyLimit) bytes.")
        }
        let key = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw ConfigurationError("--gateway-key-file: the file \(path) is empty.") }
        return key
    }
}
