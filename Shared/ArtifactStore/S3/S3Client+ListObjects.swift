import NIOHTTP1
internal import Primitives
internal import SignatureV4

/// One page of the objects with a prefix.
struct S3Page: Sendable {
    struct Object: Sendable, Hashable {
        let key: String
        let size: Int64
    }

    /// The objects whose keys start with the prefix; with a delimiter, only those directly under it.
    let objects: [Object]
    /// With a delimiter: the prefix, name and slash of each directory.
    let directories: [String]
    /// The token for the next page; `nil` on the last page.
    let continuationToken: String?
}

extension S3Client {
    /// S3's maximum number of keys in a page and in a delete request.
    static let pageSize = 1000

    /// A page of a listing, ordered by key.
    ///
    /// - Parameters:
    ///   - isFlat: `true` for all objects under `prefix`, `false` for one level of directories.
    ///   - token: the token of the previous page; `nil` for the first page.
    func page(prefix: String, isFlat: Bool, after token: String? = nil, limit: Int = pageSize) async throws -> S3Page {
        var query = [
            (name: "list-type", value: "2"), (name: "prefix", value: prefix), (name: "max-keys", value: "\(limit)"),
            // XML can't represent all characters of keys.
            (name: "encoding-type", value: "url"),
        ]
        if !isFlat { query.append((name: "delimiter", value: "/")) }
        if let token { query.append((name: "continuation-token", value: token)) }
        let result = try await document(S3Request(method: .GET, key: "", query: query), rootName: "ListBucketResult")

        let isEncoded = result["EncodingType"]?.text == "url"
        return S3Page(
            objects: result.all("Contents").compactMap { entry in
                guard let key = Self.key(entry["Key"], isEncoded), let size = entry["Size"].flatMap({ Int64($0.text) })
                else { return nil }
                return S3Page.Object(key: key, size: size)
            },
            directories: result.all("CommonPrefixes").compactMap { Self.key($0["Prefix"], isEncoded) },
            continuationToken: result["IsTruncated"]?.text == "true" ? result["NextContinuationToken"]?.text : nil)
    }

    /// Calls `body` with each page.
    func forEachPage(prefix: String, isFlat: Bool, _ body: (S3Page) async throws -> Void) async throws {
        var token: String?
        repeat {
            let page = try await page(prefix: prefix, isFlat: isFlat, after: token)
            try await body(page)
            token = page.continuationToken
        } while token != nil
    }

    /// The decoded key; `nil` if it isn't UTF-8, because clients can't request such a key.
    private static func key(_ node: XMLNode?, _ isEncoded: Bool) -> String? {
        guard let text = node?.text else { return nil }
        guard isEncoded else { return text }
        // In this encoding, a plus sign is a space.
        return String(validating: PercentEncoding.decode(Array(text.utf8), plusIsSpace: true), as: UTF8.self)
    }
}
