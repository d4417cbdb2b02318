internal import ArtifactStore
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Primitives
internal import ServiceKit
internal import WireProtocol

extension Response {
    /// A file as an attachment, so that a browser never renders it on our origin, where it could act as its reader.
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
    /// Parses a `Range` header with a single byte range; `nil` for any other, which RFC 9110 allows servers to ignore.
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

/// `Content-Disposition` headers (RFC 6266). A name with non-ASCII characters gets an ASCII fallback and `filename*` in UTF-8.
enum ContentDisposition {
    static func attachment(_ name: String) -> String {
        let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
        let plain = isASCII ? name : substitute(for: name)
        let value = "attachment; filename=" + (plain.utf8.allSatisfy(isToken) && !plain.isEmpty ? plain : quote(plain))
        return isASCII ? value : value + "; filename*=UTF-8''" + PercentEncoding.encode(name)
    }

    /// The name without its non-ASCII characters; never empty.
    private static func substitute(for name: String) -> String {
        let plain = String(String.UnicodeScalarView(name.decomposedScalars.filter(\.isASCII)))
        return plain.isEmpty ? "download" : plain
    }

    /// Whether a byte needs no quotes: the token characters of RFC 9110, which MLflow doesn't quote either.
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
    /// The scalars in compatibility decomposition (NFKD), so that base letters remain when combining marks are removed.
    fileprivate var decomposedScalars: [Unicode.Scalar] {
        Array(decomposedStringWithCompatibilityMapping.unicodeScalars)
    }
}
