import NIOHTTP1
internal import SignatureV4

/// One page of what lies under a prefix.
struct S3Page: Sendable {
    struct Object: Sendable, Hashable {
        let key: String
        let size: Int64
    }

    /// Objects whose keys begin with the prefix; with a delimiter only those that lie directly under it.
    let objects: [Object]
    /// With a delimiter: prefix, name and slash of each directory.
    let directories: [String]
    /// Leads to the next page; nil on the last.
    let continuationToken: String?
}

extension S3Client {
    /// The most keys that a page has and that a delete takes.
    static let pageSize = 1000

    /// A page of a listing in the order of keys.
    ///
    /// - Parameters:
    ///   - isFlat: True for every object below `prefix`, false for one level of directories.
    ///   - token: From the page before; nil for the first.
    func page(prefix: String, isFlat: Bool, after token: String? = nil, limit: Int = pageSize) async throws -> S3Page {
        var query = [
            (name: "list-type", value: "2"), (name: "prefix", value: prefix), (name: "max-keys", value: "\(limit)"),
            // XML can't hold every character that a key can.
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

    /// Every page, from the first on.
    func forEachPage(prefix: String, isFlat: Bool, _ body: (S3Page) async throws -> Void) async throws {
        var token: String?
        repeat {
            let page = try await page(prefix: prefix, isFlat: isFlat, after: token)
            try await body(page)
            token = page.continuationToken
        } while token != nil
    }

    /// Keys that aren't UTF-8 can't be asked for: nil.
    private static func key(_ node: XMLNode?, _ isEncoded: Bool) -> String? {
        guard let text = node?.text else { return nil }
        guard isEncoded else { return text }
        // In this encoding a plus sign is a space.
        let spaced = text.utf8.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return String(validating: PercentEncoding.decode(spaced), as: UTF8.self)
    }
}
