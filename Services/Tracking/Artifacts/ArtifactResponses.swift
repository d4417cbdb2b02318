internal import ArtifactStore
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

extension Response {
    /// A file as a download: never shown by a browser on our own origin, where a page could act as its reader.
    static func artifact(_ store: any ArtifactStore, _ path: ArtifactPath, _ request: Request) async throws -> Response {
        let range = request.headers[.range].flatMap(ByteRange.init(header:))
        let content: ArtifactContent
        do {
            content = try await store.read(path, range: range)
        } catch let error as ArtifactError where error.code == .invalidRange {
            return Response(status: .rangeNotSatisfiable)
        }
        let name = path.name ?? "download"
        var headers: HTTPFields = [
            .contentType: ArtifactMIMEType.mimeType(ofFile: name), .contentDisposition: ContentDisposition.attachment(name),
            .acceptRanges: "bytes",
        ]
        if range != nil {
            headers[.contentRange] = "bytes \(content.range.lowerBound)-\(content.range.upperBound - 1)/\(content.size)"
        }
        return Response(
            status: range == nil ? .ok : .partialContent, headers: headers,
            body: ResponseBody(contentLength: Int(content.range.count)) { writer in
                for try await chunk in content.body { try await writer.write(chunk) }
                try await writer.finish(nil)
            })
    }
}

extension ByteRange {
    /// Reads a `Range` header with one range of bytes; others are ignored, as RFC 9110 allows.
    init?(header: String) {
        guard header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let bounds = header.dropFirst("bytes=".count).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return nil }
        if bounds[0].isEmpty {
            guard let count = Int64(bounds[1]), count > 0 else { return nil }
            self = .suffix(count: count)
        } else {
            guard let first = Int64(bounds[0]), first >= 0 else { return nil }
            let last = Int64(bounds[1])
            guard bounds[1].isEmpty || (last.map { $0 >= first } ?? false) else { return nil }
            self = .bytes(first: first, last: last)
        }
    }
}

/// `Content-Disposition` (RFC 6266): names beyond ASCII get a plain substitute and the real name in UTF-8.
enum ContentDisposition {
    static func attachment(_ name: String) -> String {
        let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
        let plain = isASCII ? name : substitute(for: name)
        let value = "attachment; filename=" + (plain.utf8.allSatisfy(isToken) && !plain.isEmpty ? plain : quote(plain))
        return isASCII ? value : value + "; filename*=UTF-8''" + QueryString.encode(name)
    }

    /// The name without what ASCII lacks; never empty.
    private static func substitute(for name: String) -> String {
        let plain = String(String.UnicodeScalarView(name.decomposedScalars.filter(\.isASCII)))
        return plain.isEmpty ? "download" : plain
    }

    /// The characters of a token in RFC 9110, and `%`, which MLflow doesn't quote either.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func quote(_ name: String) -> String {
        "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

extension String {
    /// The characters with their accents as characters of their own, so that the letters stay when the accents go.
    fileprivate var decomposedScalars: [Unicode.Scalar] {
        Array(decomposedStringWithCompatibilityMapping.unicodeScalars)
    }
}
