internal import ServiceKit
internal import WireProtocol

/// The errors of malformed export requests, in FastAPI's format.
enum OTLPRequestError {
    static var noExperiment: any Error {
        let problem: JSONValue = [
            "type": "missing", "loc": ["header", "x-mlflow-experiment-id"], "msg": "Field required", "input": .null,
        ]
        return error("Field required: x-mlflow-experiment-id", status: 422, details: ErrorDetails(fastAPIDetail: [problem]))
    }

    static func malformed(_ message: ErrorMessage, cause: (any Error)? = nil) -> any Error {
        error(message, status: 400, cause: cause)
    }

    static func tooLarge(_ message: ErrorMessage) -> any Error { error(message, status: 413) }

    static var invalidSpan: any Error { error("Cannot convert OpenTelemetry span to MLflow span", status: 422) }

    private static func error(
        _ message: ErrorMessage, status: Int, details: ErrorDetails = ErrorDetails(), cause: (any Error)? = nil
    ) -> any Error {
        ServiceError(.invalidParameterValue, message, status: status, details: details, cause: cause).formatted(as: .fastAPI)
    }
}
