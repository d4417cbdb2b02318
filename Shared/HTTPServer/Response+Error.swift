internal import HTTPTypes
package import HummingbirdCore
internal import NIOCore
package import WireProtocol

extension Response {
    /// The response to a failed request.
    package static func error(_ error: ServiceError, in format: ErrorFormat = .mlflow) -> Response {
        var response = Response(
            status: .init(code: format.status(of: error)), headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: format.body(of: error).jsonBytes())))
        if let seconds = error.retryAfter { response.headers[.retryAfter] = String(seconds) }
        // The APIs of the gateway take keys.
        if error.status == 401, format != .mlflow { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}
