internal import ArtifactStore
internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Primitives
internal import ServiceKit

/// Serves the files of a built web application, with precompressed copies and caching headers.
struct StaticFiles: Sendable {
    let directory: ReadOnlyDirectory

    /// The caching policy of files with a content hash in the name.
    private static let immutable = "public, max-age=31536000, immutable"

    /// The file, a 304 response if the client already has it, or the 404 page.
    ///
    /// - Parameter headers: additional response headers.
    func response(to request: Request, path: ArtifactPath, headers: HTTPFields = [:]) async throws -> Response {
        guard let name = path.name else { return .notFoundPage }
        let codings = ContentCoding.accepted(by: request.headers[.acceptEncoding])
        let compressed = try codings.map { try path.parent.appending(name: name + $0.suffix) }
        guard let (file, index) = try await directory.openFirst(of: compressed + [path]) else { return .notFoundPage }
        let coding = codings.indices.contains(index) ? codings[index] : nil
        var headers = headers
        headers[.contentType] = StaticFileType.contentType(ofFile: name)
        headers[.contentEncoding] = coding?.rawValue
        headers[.vary] = "Accept-Encoding"
        headers[.cacheControl] = StaticFileType.isHashed(name) ? Self.immutable : "no-cache"
        let tag = EntityTag(modified: file.modified, size: file.size, coding: coding)
        headers[.eTag] = tag.description
        headers[.lastModified] = HTTPDate.format(file.modifiedSecond)
        if Self.isKnown(tag, file.modifiedSecond, to: request.headers) {
            // A 304 response has no fields that describe a body.
            headers[.contentType] = nil
            headers[.contentEncoding] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: Int(file.size)) { writer in
                for try await chunk in file.body { try await writer.write(chunk) }
                try await writer.finish(nil)
            })
    }

    /// Whether the client already has this version, by the tag if it sent any, otherwise by the time (RFC 9110, section 13.2.2).
    private static func isKnown(_ tag: EntityTag, _ modified: Int, to headers: HTTPFields) -> Bool {
        if let tags = headers[.ifNoneMatch] { return tag.isNamed(in: tags) }
        guard let time = headers[.ifModifiedSince].flatMap(HTTPDate.parse) else { return false }
        return modified <= time
    }
}

extension ReadOnlyFile {
    /// The modification time in seconds since 1970.
    fileprivate var modifiedSecond: Int { Int(modified / 1_000_000_000) }
}
