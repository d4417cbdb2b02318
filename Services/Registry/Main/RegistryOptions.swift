internal import ArgumentParser
internal import Registry
internal import ServiceClient
internal import ServiceKit

/// Where the tracking service is.
struct TrackingOptions: ParsableArguments {
    @Option(help: "The tracking service, which knows runs and logged models. [UNLADEN_TRACKING_URI, MLFLOW_TRACKING_URI]")
    var trackingUri: String?

    func address() throws -> ServiceAddress {
        let uri =
            trackingUri ?? Environment["UNLADEN_TRACKING_URI"] ?? Environment["MLFLOW_TRACKING_URI"] ?? "http://127.0.0.1:5000"
        guard let address = ServiceAddress(uri) else {
            throw ConfigurationError("--tracking-uri must be http://HOST:PORT or https://HOST:PORT, not '\(uri)'")
        }
        return address
    }
}

/// What may be registered.
struct SourceOptions: ParsableArguments {
    @Option(
        help: """
            Regular expression that sources of model versions must match. \
            [UNLADEN_SOURCE_VALIDATION_REGEX, MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX]
            """)
    var sourceValidationRegex: String?

    @Option(
        help: """
            Schemes such as http that sources may have although they name the host to connect to, separated by commas. \
            [UNLADEN_ALLOWED_SOURCE_SCHEMES, MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES]
            """)
    var allowedSourceSchemes: String?

    func policy() throws -> SourcePolicy {
        let pattern =
            sourceValidationRegex ?? Environment["UNLADEN_SOURCE_VALIDATION_REGEX"]
            ?? Environment["MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX"]
        do {
            return try SourcePolicy(
                allowedSchemes: allowedSourceSchemes ?? Environment["UNLADEN_ALLOWED_SOURCE_SCHEMES"]
                    ?? Environment["MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES"], pattern: pattern)
        } catch {
            throw ConfigurationError("--source-validation-regex is no regular expression: '\(pattern ?? "")': \(error)")
        }
    }
}
