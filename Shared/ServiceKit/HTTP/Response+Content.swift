internal import HTTPTypes
package import Hummingbird
internal import NIOCore
package import WireProtocol

extension Response {
    /// The page for an unknown path (404).
    package static var notFoundPage: Response { .page(.notFound, "The requested URL was not found on the server.") }

    /// A JSON response.
    package static func json(_ message: some JSONWritable, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: message.jsonBytes())))
    }

    /// A plain text response.
    package static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// A small HTML page for a status. `text` is static, so that nothing from a request gets into a page.
    package static func page(_ status: HTTPResponse.Status, _ text: StaticString) -> Response {
        let title = "\(status.code) \(status.reasonPhrase)"
        let html = "<!doctype html>\n<html lang=en>\n<title>\(title)</title>\n<h1>\(status.reasonPhrase)</h1>\n<p>\(text)</p>\n"
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

/// An empty response: `{}`.
package struct EmptyResponse: JSONWritable, Sendable {
    package init() {}

    package func write(to json: inout JSONWriter) {
        json.object { _ in }
    }
}
