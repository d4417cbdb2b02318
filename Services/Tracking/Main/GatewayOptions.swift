internal import ArgumentParser
internal import Foundation
internal import ServiceKit
internal import Tracking

/// The flags for the gateway that the UI's playground and prompt engineering use.
struct GatewayOptions: ParsableArguments {
    @Option(
        help: """
            Where the gateway listens; without it the UI has no playground. [UNLADEN_GATEWAY_URI, MLFLOW_DEPLOYMENTS_TARGET]
            """)
    var gatewayUri: String?

    @Option(
        help: """
            A file with the key that this service shows the gateway, which never leaves the server. UNLADEN_GATEWAY_KEY may have the \
            key itself instead. [UNLADEN_GATEWAY_KEY_FILE]
            """)
    var gatewayKeyFile: String?

    /// Bytes that the file may have.
    private static let keyLimit = 4096

    /// The gateway's address and key; `nil` without a gateway.
    ///
    /// - Throws: `ConfigurationError`.
    func settings() throws -> GatewaySettings? {
        let address = gatewayUri ?? Environment["UNLADEN_GATEWAY_URI"] ?? Environment["MLFLOW_DEPLOYMENTS_TARGET"]
        guard let address, !address.isEmpty else {
            if gatewayKeyFile != nil { throw ConfigurationError("--gateway-key-file needs --gateway-uri: the gateway that the key is for") }
            return nil
        }
        do {
            return try GatewaySettings(url: address, key: try key())
        } catch let error as InvalidGatewaySettings {
            throw ConfigurationError("--gateway-uri: \(error.message)")
        }
    }

    private func key() throws -> String? {
        guard let path = gatewayKeyFile ?? Environment["UNLADEN_GATEWAY_KEY_FILE"] else { return Environment["UNLADEN_GATEWAY_KEY"] }
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.keyLimit else {
            throw ConfigurationError("--gateway-key-file: the file \(path) can't be read")
        }
        let key = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !key.isEmpty else { throw ConfigurationError("--gateway-key-file: the file \(path) is empty") }
        return key
    }
}
