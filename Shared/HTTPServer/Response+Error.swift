package import HTTPTypes
package import HummingbirdCore
internal import NIOCore
package import WireProtocol

extension Response {
    /// The response to a failed request: MLflow's envelope.
    ///
    /// - Parameter status: the error's own status if `nil`.
    package static func error(_ error: ServiceError, status: HTTPResponse.Status? = nil) -> Response {
        var response = Response(
            status: status ?? .init(code: error.code.httpStatus), headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: error.jsonBytes())))
        if let seconds = error.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }
}
