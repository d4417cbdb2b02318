internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// `/v1/traces`: spans by OpenTelemetry's protocol (opentelemetry.io/docs/specs/otlp, OTLP/HTTP), as MLflow's clients and other
/// exporters send them. Errors of the request's form are FastAPI's, as in MLflow (mlflow/server/otel_api.py).
struct OTLPRoutes: Sendable {
    let writer: TraceWriter

    func register(on routes: APIRoutes) {
        routes.at(.post, "/v1/traces") { request, context in
            do {
                return try await export(request, context)
            } catch let error as Refusal {
                return .json(error, status: error.status)
            }
        }
    }

    private func export(_ request: Request, _ context: ServiceContext) async throws -> Response {
        guard let experiment = request.headers[.xMLflowExperimentID] else { throw Refusal.noExperiment }
        let body = try await request.collectBody(in: context)
        let experimentID = try ExperimentRules.parse(id: experiment)
        let headers = request.headers
        let limit = context.maxUploadSize
        let read: @Sendable () throws -> SpanUpload = {
            let bytes = try Self.unpacked(Array(body.readableBytesView), headers[.contentEncoding], limit: limit)
            return try Self.upload(bytes, headers, experimentID)
        }
        let upload = body.readableBytes > largeBody || headers[.contentEncoding] != nil ? try await offEventLoop(read) : try read()
        if !upload.groups.isEmpty { try await writer.write(upload) }
        // MLflow answers so to JSON too.
        return Response(status: .ok, headers: [.contentType: "application/x-protobuf"])
    }

    private static func unpacked(_ body: [UInt8], _ encoding: String?, limit: Int) throws -> [UInt8] {
        let name = encoding?.lowercased() ?? ""
        do {
            switch name {
            case "", "identity": return body
            case "gzip": return try Inflate.gzip(body, limit: limit)
            case "deflate": return try Inflate.zlib(body, limit: limit)
            default: throw Refusal.badRequest("Unsupported Content-Encoding: \(encoding ?? "")")
            }
        } catch let error as InflateError {
            guard error == .damaged else { throw ServiceError.invalidParameter("The request's body exceeds \(limit) bytes.") }
            throw Refusal.badRequest("Failed to decompress \(name) payload")
        }
    }

    private static func upload(_ body: [UInt8], _ headers: HTTPFields, _ experiment: Int64) throws -> SpanUpload {
        let resources: [ResourceSpans]
        switch headers[.contentType]?.prefix(while: { $0 != ";" }).lowercased() {
        case "application/x-protobuf":
            guard let spans = try? OTLPProtobuf.spans(in: body) else { throw Refusal.badRequest("Invalid OpenTelemetry format") }
            resources = spans
        case "application/json":
            guard let value = try? JSONValue(parsing: body), let spans = try? OTLPJSON.spans(in: value) else {
                throw Refusal.badRequest("Invalid OpenTelemetry format")
            }
            resources = spans
        default:
            throw Refusal.badRequest(
                "Invalid Content-Type: \(headers[.contentType] ?? "None"). Expected: application/x-protobuf or application/json")
        }
        // A resource without spans is fine, as in MLflow.
        guard !resources.isEmpty else {
            throw Refusal.badRequest("Invalid OpenTelemetry format - no spans found")
        }
        do {
            return try SpanUpload(resources, experiment: experiment, run: headers[.xMLflowRunID].flatMap { $0.isEmpty ? nil : $0 })
        } catch is InvalidSpan {
            throw Refusal(status: .unprocessableContent, detail: "Cannot convert OpenTelemetry span to MLflow span")
        }
    }

    /// An error as FastAPI answers it: `{"detail": …}`.
    private struct Refusal: Error, JSONWritable {
        var status: HTTPResponse.Status
        var detail: JSONValue

        static func badRequest(_ text: String) -> Refusal { Refusal(status: .badRequest, detail: .string(text)) }

        static let noExperiment = Refusal(
            status: .unprocessableContent,
            detail: [
                [
                    "type": "missing", "loc": ["header", "x-mlflow-experiment-id"], "msg": "Field required",
                    "input": JSONValue.null,
                ]
            ])

        func write(to json: inout JSONWriter) {
            json.object { $0.field("detail", detail) }
        }
    }
}

extension HTTPField.Name {
    // The names are tokens, as HTTP demands, so none can be nil; a service never traps all the same.
    static let xMLflowExperimentID = HTTPField.Name("x-mlflow-experiment-id") ?? .via
    static let xMLflowRunID = HTTPField.Name("x-mlflow-run-id") ?? .via
    static let xMLflowClientVersion = HTTPField.Name("X-MLflow-Client-Version") ?? .via
}
