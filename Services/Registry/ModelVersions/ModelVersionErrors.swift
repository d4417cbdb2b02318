internal import WireProtocol

extension ServiceError {
    static func modelVersionNotFound(_ name: String, _ version: Int64) -> ServiceError {
        .doesNotExist("Model Version (name=\(name), version=\(version)) not found")
    }
}
