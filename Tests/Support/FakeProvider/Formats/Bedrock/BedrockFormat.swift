internal import JSON
internal import Primitives

/// Amazon's Bedrock: `converse` and `invoke`, and their streams.
struct BedrockFormat: ProviderFormat {
    private let signature: Signature

    init(_ credentials: Credentials) {
        signature = Signature(credentials: credentials)
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        try signature.check(request)
        guard let slash = path.lastIndex(of: "/"), request.method == "POST" else { throw Failure(404, "Unknown operation") }
        let model = PercentEncoding.decode(path[..<slash])
        guard !model.hasPrefix("no-such") else {
            throw Failure(400, "The provided model identifier is invalid.", code: "ValidationException")
        }
        let fields = Fields(try request.object())
        switch path[path.index(after: slash)...] {
        case "converse": return try Converse.response(fields, model: model, serial: request.serial, streams: false)
        case "converse-stream": return try Converse.response(fields, model: model, serial: request.serial, streams: true)
        case "invoke": return try InvokeModel.response(fields, model: model, serial: request.serial, streams: false)
        case "invoke-with-response-stream":
            return try InvokeModel.response(fields, model: model, serial: request.serial, streams: true)
        default: throw Failure(404, "Unknown operation", code: "UnknownOperationException")
        }
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        let type = failure.code.flatMap { $0.hasSuffix("Exception") ? $0 : nil } ?? Self.type(failure.status)
        return ErrorResponse(
            body: JSONValue.object(["message": .string(failure.message)]).jsonBytes(), headers: [("x-amzn-errortype", "\(type):")])
    }

    func streamError(_ failure: Failure) -> [UInt8]? {
        let type = Self.type(failure.status)
        return EventStream.exception(
            type.prefix(1).lowercased() + type.dropFirst(), JSONValue.object(["message": .string(failure.message)]).jsonBytes())
    }

    private static func type(_ status: Int) -> String {
        switch status {
        case 403: "AccessDeniedException"
        case 404: "ResourceNotFoundException"
        case 408: "ModelTimeoutException"
        case 424: "ModelErrorException"
        case 429: "ThrottlingException"
        case 503: "ServiceUnavailableException"
        case 500...: "InternalServerException"
        default: "ValidationException"
        }
    }
}
