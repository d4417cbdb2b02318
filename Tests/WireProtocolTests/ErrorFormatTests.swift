import Testing
import WireProtocol

@Suite struct ErrorFormatTests {
    private static let unknownRoute = ServiceError(
        .resourceDoesNotExist, "The route 'x' does not exist.", parameter: "model", details: ErrorDetails(openAICode: "model_not_found"))

    @Test(arguments: [
        (ErrorFormat.mlflow, #"{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"The route 'x' does not exist."}"#),
        (
            .openAI,
            #"{"error":{"message":"The route 'x' does not exist.","type":"invalid_request_error","param":"model","code":"model_not_found"}}"#
        ),
        (.anthropic, #"{"type":"error","error":{"type":"not_found_error","message":"The route 'x' does not exist."}}"#),
        (.fastAPI, #"{"detail":"The route 'x' does not exist."}"#),
    ])
    func `An error is written in the format of each API`(format: ErrorFormat, json: String) {
        #expect(format.body(of: Self.unknownRoute).jsonString == json)
        #expect(format.status(of: Self.unknownRoute) == 404)
    }

    @Test func `The message of an error is read from every format but MLflow's, which has an envelope of its own`() {
        for format in ErrorFormat.allCases where format != .mlflow {
            #expect(ErrorFormat.message(in: format.body(of: Self.unknownRoute)) == "The route 'x' does not exist.")
        }
        #expect(ErrorFormat.message(in: ErrorFormat.mlflow.body(of: Self.unknownRoute)) == nil)
        #expect(ErrorFormat.message(in: ["detail": ["message": "m", "type": "t"]]) == "m")
        #expect(ErrorFormat.message(in: ["detail": [["msg": "m"]]]) == [["msg": "m"]])
        for json: JSONValue in [[:], ["detail": .null], ["error": "text"], [], "text"] { #expect(ErrorFormat.message(in: json) == nil) }
    }

    @Test func `FastAPI's format has the details of an error, and MLflow's second member for a limit`() {
        let invalid = ServiceError(
            .invalidParameterValue, "m", status: 422, details: ErrorDetails(fastAPIDetail: [["loc": ["body"], "msg": "Field required"]]))
        #expect(ErrorFormat.fastAPI.body(of: invalid).jsonString == #"{"detail":[{"loc":["body"],"msg":"Field required"}]}"#)
        #expect(ErrorFormat.fastAPI.status(of: invalid) == 422)
        let limited = ServiceError(.resourceExhausted, "m")
        #expect(ErrorFormat.fastAPI.body(of: limited).jsonString == #"{"detail":"m","error":"m"}"#)
    }

    @Test(arguments: [
        (ServiceError.invalidParameter("m"), "invalid_request_error", nil),
        (.init(.badRequest, "m", status: 415), "invalid_request_error", nil),
        (.init(.unauthenticated, "m"), "authentication_error", "invalid_api_key"),
        (.init(.permissionDenied, "m"), "permission_error", "permission_denied"), (.init(.resourceExhausted, "m"), "rate_limit_error", nil),
        (.init(.cancelled, "m"), "api_error", nil), (.init(.internalError, "m"), "api_error", "internal_error"),
        (.init(.notImplemented, "m"), "api_error", nil), (.unavailable("m"), "api_error", "unavailable"),
        // A provider's own type and code, or none.
        (.init(.providerError, "m", status: 503, details: ErrorDetails(openAIType: "t", openAICode: "c")), "t", "c"),
        (.init(.providerError, "m", status: 503), "api_error", nil),
    ])
    func `OpenAI's type and code follow from the status and the code, unless the error has its own`(
        error: ServiceError, type: JSONValue, code: String?
    ) {
        let body = ErrorFormat.openAI.body(of: error)["error"]
        #expect(body?["type"] == type)
        #expect(body?["code"] == code.map { .string($0) } ?? .null)
    }

    @Test(arguments: [
        (400, "invalid_request_error"), (401, "authentication_error"), (403, "permission_error"), (404, "not_found_error"),
        (413, "request_too_large"), (415, "invalid_request_error"), (422, "invalid_request_error"), (429, "rate_limit_error"),
        (500, "api_error"), (502, "api_error"), (503, "overloaded_error"), (504, "api_error"), (529, "overloaded_error"),
    ])
    func `Anthropic's type follows from the status`(status: Int, type: JSONValue) {
        let error = ServiceError(.providerError, "m", status: status)
        #expect(ErrorFormat.anthropic.body(of: error)["error"]?["type"] == type)
    }

    @Test func `An error that ends a stream is an event, which Anthropic's clients know by its name`() {
        let error = ServiceError(.providerError, "m")
        #expect(
            String(decoding: ErrorFormat.openAI.event(for: error), as: UTF8.self)
                == "data: {\"error\":{\"message\":\"m\",\"type\":\"api_error\",\"param\":null,\"code\":null}}\n\n")
        #expect(
            String(decoding: ErrorFormat.anthropic.event(for: error), as: UTF8.self)
                == "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"m\"}}\n\n")
    }

    @Test(arguments: ErrorFormat.allCases)
    func `A cancelled request has a status that the API's clients know`(format: ErrorFormat) {
        #expect(format.status(of: ServiceError(.cancelled, "m")) == (format == .mlflow ? 499 : 503))
    }

    @Test func `A cancelled request has the type of the status that is sent`() {
        let error = ServiceError(.cancelled, "m")
        #expect(ErrorFormat.anthropic.body(of: error)["error"]?["type"] == "overloaded_error")
        #expect(ErrorFormat.openAI.body(of: error)["error"]?["type"] == "api_error")
    }

    @Test func `No text of an error can be long, and no cause is shown`() {
        let long = String(repeating: "x", count: 100_000)
        let error = ServiceError(
            .internalError, "\(long)", parameter: long, details: ErrorDetails(openAIType: long, openAICode: long),
            cause: ServiceError.invalidParameter("secret"))
        for format in ErrorFormat.allCases {
            let text = format.body(of: error).jsonString
            #expect(text.count < 3_000)
            #expect(!text.contains("secret"))
        }
    }
}
