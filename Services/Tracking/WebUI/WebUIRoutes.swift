internal import ArtifactStore
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceKit

/// MLflow's web UI at `/`, with its files under `/static-files`, or the landing page if the files are missing.
struct WebUIRoutes: Sendable {
    let files: WebUIFiles
    /// An additional path prefix under which the UI is served.
    let prefix: PathPrefix?
    /// The gateway's URL, if there is one.
    let gatewayURL: String?

    /// The directory of the document that renders traces in notebooks.
    private static let notebookRenderer = ["lib", "notebook-trace-renderer"]

    func register(on routes: APIRoutes) {
        guard case .directory(let directory) = files else {
            let page = LandingPage(isUIOff: files == .off, gatewayURL: gatewayURL).html
            routes.at(.get, "/", requires: .public, execution: .onEventLoop) { _, _ in
                var headers = WebUISecurity.plainPage
                headers[.contentType] = "text/html; charset=utf-8"
                headers[.cacheControl] = "no-cache"
                return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
            }
            return
        }
        let files = StaticFiles(directory: ReadOnlyDirectory(path: directory))
        routes.at(.get, "/", requires: .public, execution: .onEventLoop) { request, _ in
            try await files.response(to: request, path: try ArtifactPath("index.html"), headers: WebUISecurity.document)
        }
        routes.at(.get, "/static-files/**", requires: .public, execution: .onEventLoop) { request, _ in
            guard let path = try? ArtifactPath(file: String(request.uri.path.dropFirst("/static-files/".count))) else {
                return .notFoundPage
            }
            guard path.segments.starts(with: Self.notebookRenderer) else {
                let isDocument = path.name?.hasSuffix(".html") ?? false
                return try await files.response(to: request, path: path, headers: isDocument ? WebUISecurity.document : [:])
            }
            if let prefix, path.name == "index.html" { return try await notebookFrame(files, path, below: prefix) }
            return try await files.response(to: request, path: path, headers: WebUISecurity.notebookFrame)
        }
    }

    /// The document for notebooks, with the prefix added to its URLs, which are absolute, unlike those of the UI.
    private func notebookFrame(_ files: StaticFiles, _ path: ArtifactPath, below prefix: PathPrefix) async throws -> Response {
        guard let (file, _) = try await files.directory.openFirst(of: [path]), file.size < 64 << 10 else { return .notFoundPage }
        var content = ByteBuffer()
        for try await chunk in file.body { content.writeImmutableBuffer(chunk) }
        let document = content
        let html = await offEventLoop {
            String(buffer: document)
                .replacing("href=\"/\"", with: "href=\"\(prefix.path)/\"")
                .replacing("\"/static-files/", with: "\"\(prefix.path)/static-files/")
        }
        var headers = WebUISecurity.notebookFrame
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-cache"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}
