internal import GatewayFormats
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// The interactive API documentation, and the OpenAPI document it is generated from.
struct DocsRoutes: Sendable {
    let handler: InferenceHandler

    func register(on routes: APIRoutes) {
        routes.at(.get, "/", requires: .public, execution: .onEventLoop) { _, _ in
            Response(status: .temporaryRedirect, headers: [.location: "/docs"])
        }
        routes.at(.get, "/openapi.json", requires: .public) { request, context in
            // Without a key, clients may read the API description but not the names of routes.
            let caller = try? await handler.caller(request, context)
            let endpoints = handler.routing.current.routes.filter { caller?.mayUse($0.name) ?? false }.map {
                (name: $0.name, task: $0.task.rawValue, isMLflow25: $0.generation == .routes25)
            }
            return .json(openAPI(endpoints: endpoints, version: unladenVersion))
        }
        file("/docs", PackageResources.index_html, "text/html; charset=utf-8", on: routes)
        file("/docs/docs.css", PackageResources.docs_css, "text/css; charset=utf-8", on: routes)
        file("/docs/docs.js", PackageResources.docs_js, "text/javascript; charset=utf-8", on: routes)
    }

    private func file(_ path: String, _ bytes: [UInt8], _ type: String, on routes: APIRoutes) {
        routes.at(.get, path, requires: .public, execution: .onEventLoop) { _, _ in
            var headers: HTTPFields = [.contentType: type, .cacheControl: "no-cache"]
            headers[.contentSecurityPolicy] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
            headers[.xFrameOptions] = "DENY"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}
