internal import ArgumentParser
internal import Registry
internal import ServiceClient
internal import ServiceKit

/// Options for the address of the tracking service.
struct TrackingOptions: ParsableArguments {
    @Option(
        help: """
            URL of the tracking service, which looks up runs and logged models. [UNLADEN_TRACKING_URI, MLFLOW_TRACKING_URI]
            """)
    var trackingUri: String?

    func address() throws -> ServiceAddress {
        let uri = trackingUri ?? Environment["UNLADEN_TRACKING_URI", "MLFLOW_TRACKING_URI"] ?? "http://127.0.0.1:5000"
        guard let address = ServiceAddress(uri) else {
            throw ConfigurationError("--tracking-uri must be http://HOST:PORT or https://HOST:PORT, not '\(uri)'.")
        }
        return address
    }
}

/// Options that restrict the sources of model versions.
struct SourceOptions: ParsableArguments {
    @Option(
        help: """
            Regular expression that the source of a model version must match. \
            [UNLADEN_SOURCE_VALIDATION_REGEX, MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX]
            """)
    var sourceValidationRegex: String?

    @Option(
        help: """
            Comma-separated source schemes to allow although their URIs name the host to connect to, such as http. \
            [UNLADEN_ALLOWED_SOURCE_SCHEMES, MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES]
            """)
    var allowedSourceSchemes: String?

    func policy() throws -> SourcePolicy {
        let pattern =
            sourceValidationRegex
            ?? Environment["UNLADEN_SOURCE_VALIDATION_REGEX", "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX"]
        let schemes =
            allowedSourceSchemes ?? Environment["UNLADEN_ALLOWED_SOURCE_SCHEMES", "MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES"]
        do {
            return try SourcePolicy(allowedSchemes: schemes, pattern: pattern)
        } catch {
            throw ConfigurationError("--source-validation-regex is not a valid regular expression: '\(pattern ?? "")': \(error)")
        }
    }
}
