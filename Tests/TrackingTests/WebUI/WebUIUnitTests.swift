import HTTPTypes
import Testing

@testable import Tracking

/// The decisions of the web UI's routes that depend only on names and headers.
@Suite struct WebUIUnitTests {
    @Test(arguments: [
        ("gzip, deflate, br, zstd", [ContentCoding.brotli, .gzip]), ("gzip", [.gzip]), ("GZIP;Q=1.0", [.gzip]), ("x-gzip", [.gzip]),
        ("br;q=0.1, gzip;q=0.9", [.gzip, .brotli]), ("br ; q=0 , *", [.gzip]), ("*", [.brotli, .gzip]), ("*;q=0, br", [.brotli]),
        ("identity", []), ("", []), (",;,q=1", []), ("br;q=much", []), ("deflate, zstd", []),
    ])
    func `Accepted codings are sorted by the client's preference`(header: String, codings: [ContentCoding]) {
        #expect(ContentCoding.accepted(by: header) == codings)
    }

    @Test func `Without Accept-Encoding no coding is used`() {
        #expect(ContentCoding.accepted(by: nil) == [])
    }

    @Test func `A tag depends on time, size and coding`() {
        let tags = [
            EntityTag(modified: 1, size: 1, coding: nil), EntityTag(modified: 2, size: 1, coding: nil),
            EntityTag(modified: 1, size: 2, coding: nil), EntityTag(modified: 1, size: 1, coding: .gzip),
            EntityTag(modified: 1, size: 1, coding: .brotli),
        ]
        #expect(Set(tags).count == tags.count)
        #expect(tags.allSatisfy { $0.description.hasPrefix("\"") && $0.description.hasSuffix("\"") && $0.description.count > 2 })
    }

    @Test func `A tag matches in a list, weak or strong, but only as a whole`() {
        let tag = EntityTag(modified: 35, size: 35, coding: .gzip)
        #expect(tag.description == "\"z-z-gzip\"")
        for header in ["\"z-z-gzip\"", "W/\"z-z-gzip\"", "\"a\", \"z-z-gzip\"", "\"a\",\tW/\"b\" ,W/\"z-z-gzip\",\"c\"", "*", " * "] {
            #expect(tag.isNamed(in: header), "\(header)")
        }
        for header in ["", "z-z-gzip", "\"z-z\"", "\"z-z-gzip", "\"a\" z", "\"xz-z-gzip\"", "\"a\", z-z-gzip", "W/", "W/\"", "\"", ","] {
            #expect(!tag.isNamed(in: header), "\(header)")
        }
    }

    @Test(arguments: [
        ("index.html", "text/html; charset=utf-8"), ("main.c2f5f8d4.js", "text/javascript; charset=utf-8"),
        ("pdf.worker.min.16b289c2599c81a29db9.mjs", "text/javascript; charset=utf-8"), ("main.b0f58ef9.css", "text/css; charset=utf-8"),
        ("favicon.ico", "image/x-icon"), ("x.woff2", "font/woff2"), ("x.SVG", "image/svg+xml"),
        ("main.js.LICENSE.txt", "text/plain; charset=utf-8"),
        ("x", "application/octet-stream"), ("x.br", "application/octet-stream"), ("", "application/octet-stream"),
    ])
    func `A file's type is determined by its extension`(name: String, type: String) {
        #expect(StaticFileType.contentType(ofFile: name) == type)
    }

    @Test(arguments: [
        "main.c2f5f8d4.js", "109.448a7147.chunk.js", "default-error.f246ddf367c6fbd67942e5a13382a7f1.svg",
        "TelemetryLogger.telemetry-worker.d0f8ea2c83c08b63528f.worker.js",
    ])
    func `A name with a content hash is recognized`(name: String) {
        #expect(StaticFileType.isHashed(name))
    }

    @Test(arguments: [
        "index.html", "favicon.ico", "asset-manifest.json", "c2f5f8d4.js", "main.c2f5f8d4", "main.c2f5f8.js", "main.codicons.js", "",
    ])
    func `Other names aren't mistaken for hashed ones`(name: String) {
        #expect(!StaticFileType.isHashed(name))
    }

    @Test func `Documents can't send data to other servers, and only notebooks may frame one of them`() {
        for directive in ["default-src 'none'", "connect-src 'self'", "img-src 'self'", "form-action 'none'", "frame-src 'self' blob:"] {
            #expect(WebUISecurity.policy.contains(directive), "\(directive)")
        }
        #expect(WebUISecurity.document[.contentSecurityPolicy]?.contains("frame-ancestors 'self'") == true)
        #expect(WebUISecurity.notebookFrame[.contentSecurityPolicy]?.contains("frame-ancestors") == false)
    }
}
