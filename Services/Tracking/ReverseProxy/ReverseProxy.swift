internal import AsyncHTTPClient
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import NIOCore
internal import NIOHTTP1
internal import Primitives
internal import SafeText
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Forwards requests to the service that owns their paths, so that clients need only one URL.
struct ReverseProxy: Sendable {
    /// The name of the service in error messages.
    let service: String
    /// The base URL, without a trailing slash.
    let url: String
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .service())

    private static let timeout: TimeAmount = .seconds(60)
    /// The maximum size of an error's body, in bytes.
    private static let errorLimit = 1 << 20
    /// Request headers that aren't forwarded: those that apply to a single connection (RFC 9110, section 7.6.1) or that the HTTP
    /// client sets; `Origin`, which has already been checked against the address that the browser called; and `Accept-Encoding`,
    /// because error bodies are parsed here.
    private static let strippedHeaders: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
        "host", "content-length", "origin", "accept-encoding",
    ]

    /// Headers that this service sets on every response itself.
    private static let serverHeaders: Set<String> = ["x-request-id", "x-content-type-options", "x-frame-options"]

    init(service: String, url: String) {
        self.service = service
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await Self.client.execute(request, timeout: Self.timeout)
        } catch {
            throw ServiceError.unavailable("The \(service) service is not reachable at the moment. Please try again.", cause: error)
        }
    }

    func forward(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let body = try await request.collectBody(in: context)
        var outgoing = HTTPClientRequest(url: url + request.uri.string)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers where !Self.strippedHeaders.contains(field.name.canonicalName) {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        outgoing.headers.replaceOrAdd(name: "X-Request-Id", value: context.requestID)
        if body.readableBytes > 0 { outgoing.body = .bytes(body) }
        let response = try await execute(outgoing)
        var headers = HTTPFields()
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name), !Self.strippedHeaders.contains(name.canonicalName),
                !Self.serverHeaders.contains(name.canonicalName)
            else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        let status = HTTPResponse.Status(code: Int(response.status.code))
        guard status.code >= 400 else {
            return Response(status: status, headers: headers, body: ResponseBody(asyncSequence: response.body))
        }
        let errorBody = try await redactedErrorBody(of: response)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: errorBody)))
    }

    /// The redacted body of an error, which may come from a proxy in between or from a third-party server.
    private func redactedErrorBody(of response: HTTPClientResponse) async throws -> [UInt8] {
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: Self.errorLimit)
        } catch {
            throw ServiceError.unavailable("The \(service) service sent an error that can't be read. Please try again.", cause: error)
        }
        return await offEventLoop {
            let bytes = Array(body.readableBytesView)
            guard let envelope = try? JSONValue(parsing: bytes), ServiceError(envelope: envelope) != nil else {
                return Array(Redaction.standard.redacted(error: String(decoding: bytes, as: UTF8.self)).utf8)
            }
            // Errors of our API quote the client's input, such as a path, and reveal no internals.
            let redacted = Redaction.standard.redacted(envelope)
            return redacted == envelope ? bytes : redacted.jsonBytes()
        }
    }
}

/// The paths that are forwarded to other services.
struct ReverseProxyRoutes: Sendable {
    let registry: ReverseProxy

    func register(on routes: APIRoutes) {
        for group in ["registered-models", "model-versions"] {
            for method in [HTTPRequest.Method.get, .post, .patch, .delete] {
                // The least that any of these requests requires. The registry receives the caller's credentials, and its routes declare
                // the rest.
                routes.raw(
                    method, "2.0/mlflow/\(group)/**", requires: .read(.registeredModel), execution: .onEventLoop, registry.forward)
            }
        }
    }
}
