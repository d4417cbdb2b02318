internal import JSON

/// OpenAI's API and similar ones.
struct OpenAIFormat: ProviderFormat {
    enum Service {
        case openAI
        case azure
        /// Sends the usage at the end of each stream, and rejects requests for it.
        case mistral
        case ai21
        case tgi

        /// Whether each stream ends with the usage, even if it isn't requested.
        var alwaysIncludesUsage: Bool { [.mistral, .ai21].contains(self) }
    }

    static let created: Int64 = 1_700_000_000

    private let service: Service
    private let credentials: Credentials

    init(_ service: Service, _ credentials: Credentials) {
        self.service = service
        self.credentials = credentials
    }

    func response(_ request: Request, path: Substring) throws(Failure) -> Response {
        try checkKey(request)
        let (operation, deployment) = try route(path, request)
        if operation == "models" || operation.hasPrefix("models/") { return try OpenAIModels.response(request, operation) }
        guard ["chat/completions", "completions", "embeddings", "responses"].contains(operation) else {
            throw Failure(404, "Invalid URL (\(request.method) \(request.path))")
        }
        guard request.method == "POST" else {
            throw Failure(405, "Not allowed to \(request.method) on \(request.path).", code: "method_not_supported")
        }
        let fields = Fields(try request.object())
        let model: String
        if let deployment { model = deployment } else { model = try fields.requiredString("model") }
        guard !model.hasPrefix("no-such") else {
            throw Failure(
                404, "The model `\(model)` does not exist or you do not have access to it.", param: "model", code: "model_not_found"
            )
        }
        switch operation {
        case "chat/completions": return try OpenAIChat.response(fields, model: model, service, request)
        case "completions": return try OpenAICompletion.response(fields, model: model, service, request)
        case "embeddings": return try OpenAIEmbeddings.response(fields, model: model)
        default: return try OpenAIResponse.response(fields, model: model, request)
        }
    }

    /// The operation of a path, and on Azure the deployment, which identifies the model.
    private func route(_ path: Substring, _ request: Request) throws(Failure) -> (operation: Substring, deployment: String?) {
        guard service == .azure else { return (path, nil) }
        if path.hasPrefix("v1/") { return (path.dropFirst(3), nil) }
        guard let version = request.parameter("api-version"), version.contains("-") else {
            throw Failure(404, "Resource not found")
        }
        guard path.hasPrefix("deployments/") else { return (path, nil) }
        let parts = path.split(separator: "/", maxSplits: 2)
        guard parts.count == 3 else { throw Failure(404, "Resource not found") }
        return (parts[2], PercentEncoding.decode(parts[1]))
    }

    private func checkKey(_ request: Request) throws(Failure) {
        switch service {
        case .azure:
            guard request.header("api-key") == credentials.key || credentials.isBearer(request) else {
                throw Failure(401, "Access denied due to invalid subscription key or wrong API endpoint.")
            }
        case .tgi: return  // The server doesn't check keys.
        case .openAI, .mistral, .ai21:
            guard !credentials.isBearer(request) else { return }
            guard let header = request.header("authorization") else {
                throw Failure(401, "You didn't provide an API key. You need to provide your API key in an Authorization header.")
            }
            throw Failure(401, "Incorrect API key provided: \(header.suffix(4)).", code: "invalid_api_key")
        }
    }

    func errorResponse(_ failure: Failure) -> ErrorResponse {
        ErrorResponse(body: OpenAIError.body(failure, service).jsonBytes())
    }

    func streamError(_ failure: Failure) -> [UInt8]? {
        ServerSentEvents.data(OpenAIError.body(failure, service)).bytes
    }
}

enum OpenAIError {
    static func body(_ failure: Failure, _ service: OpenAIFormat.Service) -> JSONValue {
        switch service {
        case .openAI, .azure:
            return [
                "error": [
                    "message": .string(failure.message), "type": .string(type(failure.status)),
                    "param": failure.param.map { .string($0) } ?? .null, "code": code(failure, service),
                ]
            ]
        case .mistral:
            return [
                "object": "error", "message": .string(failure.message), "type": .string("invalid_request_error"),
                "param": failure.param.map { .string($0) } ?? .null, "code": failure.code.map { .string($0) } ?? .null,
            ]
        case .ai21: return ["detail": .string(failure.message)]
        case .tgi: return ["error": .string(failure.message), "error_type": failure.status == 422 ? "validation" : "generation"]
        }
    }

    private static func type(_ status: Int) -> String {
        switch status {
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }

    private static func code(_ failure: Failure, _ service: OpenAIFormat.Service) -> JSONValue {
        if let code = failure.code { return .string(code) }
        if service == .azure { return .string(String(failure.status)) }
        return failure.status == 429 ? "rate_limit_exceeded" : .null
    }
}

enum OpenAIModels {
    static let names = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]

    static func response(_ request: Request, _ operation: Substring) throws(Failure) -> Response {
        guard request.method == "GET" else { throw Failure(405, "Not allowed to \(request.method) on \(request.path).") }
        guard operation != "models" else {
            let body: JSONValue = ["object": "list", "data": .array(names.map(model))]
            return Response(model: "models", text: "", tokens: Tokens(), body: .whole(body.jsonBytes()))
        }
        let name = PercentEncoding.decode(operation.dropFirst(7))
        guard names.contains(name) else {
            throw Failure(404, "The model '\(name)' does not exist", param: "model", code: "model_not_found")
        }
        return Response(model: "models", text: "", tokens: Tokens(), body: .whole(model(name).jsonBytes()))
    }

    private static func model(_ name: String) -> JSONValue {
        ["id": .string(name), "object": "model", "created": .integer(OpenAIFormat.created), "owned_by": "fake"]
    }
}
