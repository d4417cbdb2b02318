internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdTesting
internal import NIOCore

/// A request that a scripted server received.
package struct ScriptedRequest: Sendable {
    package let method: String
    /// The request target as received, percent-encoded.
    package let path: String
    package let query: String
    package let body: String
    /// The headers by lower-case name.
    package let headers: [String: String]
}

/// A response of a scripted server.
package struct ScriptedResponse: Sendable {
    let status: Int
    let contentType: String
    let body: String

    /// A response with status 200.
    package init(_ json: String) {
        self.init(200, json)
    }

    package init(_ status: Int, contentType: String = "application/json", _ body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Runs `body` with a real HTTP server on a free local port, which responds according to `script`.
package func withScriptedServer<Result: Sendable>(
    _ script: @escaping @Sendable (ScriptedRequest) async throws -> ScriptedResponse,
    _ body: @escaping @Sendable (_ uri: String) async throws -> Result
) async throws -> Result {
    let responder = CallbackResponder { (request: Request, _: BasicRequestContext) in
        let bytes = try await request.body.collect(upTo: 1 << 20)
        let response = try await script(
            ScriptedRequest(
                method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "",
                body: String(buffer: bytes),
                headers: Dictionary(request.headers.map { ($0.name.canonicalName, $0.value) }) { "\($0), \($1)" }))
        return Response(
            status: .init(code: response.status), headers: [.contentType: response.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: response.body)))
    }
    return try await Application(responder: responder).test(.live) { client in
        try await body("http://127.0.0.1:\(client.port ?? 0)")
    }
}
