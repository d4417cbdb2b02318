internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// `/v1/traces`: receives spans over OTLP/HTTP (opentelemetry.io/docs/specs/otlp) from MLflow's clients and other exporters. The errors
/// of malformed requests have FastAPI's format and all others MLflow's, as in MLflow (mlflow/server/otel_api.py).
struct OTLPRoutes: Sendable {
    let writer: TraceWriter
    let limits: SpanLimits

    func register(on routes: APIRoutes) {
        routes.at(.post, "/v1/traces", requires: .edit(.experiment), execution: .onEventLoop) { request, context in
            try await export(request, context)
        }
    }

    private func export(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        guard let experiment = request.headers[.xMLflowExperimentID] else { throw OTLPRequestError.noExperiment }
        let body = try await request.collectBody(in: context)
        let decoder = ExportRequestDecoder(
            experiment: try ExperimentID.parse(experiment), headers: request.headers, limits: context.limits,
            spanLimits: limits, memory: context.memory)
        let isSlow = body.readableBytes > largeBodyThreshold || request.headers[.contentEncoding] != nil
        let (upload, partialSuccess) = isSlow ? try await offEventLoop { try decoder.upload(body) } : try decoder.upload(body)
        if !upload.groups.isEmpty { try await writer.write(upload) }
        if let partialSuccess { return partialSuccess.response }
        // MLflow sends this content type for JSON requests too.
        return Response(status: .ok, headers: [.contentType: OTLPEncoding.protobuf.rawValue])
    }

    /// Decodes the body of an export request.
    private struct ExportRequestDecoder: Sendable {
        let experiment: Int64
        let headers: HTTPFields
        let limits: RequestLimits
        let spanLimits: SpanLimits
        /// The budget for decoded data; `nil` for no limit.
        let memory: RequestMemory?

        /// The spans in a request's body, and what was rejected of them.
        ///
        /// - Throws: an `OTLPRequestError`, or `ServiceError` when no memory is left.
        func upload(_ body: ByteBuffer) throws -> (SpanUpload, ExportPartialSuccess?) {
            let name = headers[.contentEncoding]?.lowercased() ?? ""
            let limit = limits.decompressedBytes
            do {
                switch name {
                case "", "identity": return try upload(bytes: body.readableBytesView)
                case "gzip": return try upload(bytes: try Inflate.gzip(body.readableBytesView, limit: limit, reserve: reserve))
                case "deflate": return try upload(bytes: try Inflate.zlib(body.readableBytesView, limit: limit, reserve: reserve))
                default: throw OTLPRequestError.malformed("Unsupported Content-Encoding: \(name)")
                }
            } catch InflateError.tooLarge {
                throw OTLPRequestError.tooLarge("The request exceeds a limit: more than \(limit) bytes when decompressed.")
            } catch InflateError.damaged {
                throw OTLPRequestError.malformed("Failed to decompress \(name) payload")
            } catch OTLPError.requestTooLarge(let limit) {
                throw OTLPRequestError.malformed("The request exceeds a limit: \(limit).")
            } catch OTLPError.malformed(let reason) {
                throw OTLPRequestError.malformed("Invalid OpenTelemetry format", cause: OTLPError.malformed(reason))
            } catch InflateError.outOfMemory, OTLPError.outOfMemory {
                throw memory?.rejection ?? RequestMemory.exhausted
            }
        }

        private func reserve(_ count: Int) -> Bool { (try? memory?.reserve(count)) != nil || memory == nil }

        private func upload(bytes: some Collection<UInt8>) throws -> (SpanUpload, ExportPartialSuccess?) {
            // Memory for the strings of the spans.
            try memory?.reserve(bytes.count)
            let (encoding, received) = try spans(in: bytes)
            // Like MLflow, accepts a resource without spans.
            guard !received.groups.isEmpty else { throw OTLPRequestError.malformed("Invalid OpenTelemetry format - no spans found") }
            let partialSuccess = received.reason.map {
                ExportPartialSuccess(count: received.rejected, reason: $0, encoding: encoding)
            }
            if let partialSuccess, received.groups.allSatisfy(\.spans.isEmpty) {
                throw OTLPRequestError.malformed("\(untruncated: partialSuccess.message)")
            }
            do {
                let upload = try SpanUpload(
                    received.groups, experiment: experiment, run: headers[.xMLflowRunID].flatMap { $0.isEmpty ? nil : $0 },
                    nodes: limits.json.maximumNodes, bytes: 2 * limits.decompressedBytes, memory: memory)
                return (upload, partialSuccess)
            } catch is InvalidSpan {
                throw OTLPRequestError.invalidSpan
            }
        }

        private func spans(in bytes: some Collection<UInt8>) throws -> (OTLPEncoding, ReceivedSpans) {
            let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased()
            switch type.flatMap(OTLPEncoding.init) {
            case .protobuf?:
                let nodes = limits.json.maximumNodes
                return (.protobuf, try OTLPProtobufDecoder.spans(in: bytes, limits: spanLimits, nodes: nodes, reserve: reserve))
            case .json?:
                let nodes = limits.json.maximumNodes
                let footprint = JSONFootprint(of: bytes, maximumNodes: nodes)
                guard footprint.nodes <= nodes else { throw OTLPError.requestTooLarge("more than \(nodes) values and member names") }
                try memory?.reserve(footprint.memory)
                do {
                    let body = try JSONValue(parsing: bytes, limits: limits.json)
                    return (.json, try ReceivedSpans(body, limits: spanLimits))
                } catch let error as JSONSyntaxError where error.limit != nil {
                    throw OTLPError.requestTooLarge(error.reason)
                } catch let error as OTLPError {
                    throw error
                } catch {
                    throw OTLPError.malformed("\(error)")
                }
            case nil:
                throw OTLPRequestError.malformed(
                    "Invalid Content-Type: \(headers[.contentType] ?? "None"). Expected: application/x-protobuf or application/json")
            }
        }
    }
}

extension HTTPField.Name {
    // All names are valid tokens, so the fallbacks are never used; they avoid a forced unwrap.
    static let xMLflowExperimentID = HTTPField.Name("x-mlflow-experiment-id") ?? .via
    static let xMLflowRunID = HTTPField.Name("x-mlflow-run-id") ?? .via
    static let xMLflowClientVersion = HTTPField.Name("X-MLflow-Client-Version") ?? .via
}
