internal import Primitives
internal import WireProtocol

/// Parses query strings in the `application/x-www-form-urlencoded` format: `+` is a space, `%XX` a byte.
package enum QueryString {
    /// The decoded parameters, in order.
    ///
    /// - Throws: `ServiceError` when there are more than `limit`.
    package static func pairs(of query: String, limit: Int = RequestLimits.standard.queryPairs) throws -> [(name: String, value: String)] {
        let parts = query.utf8.split(separator: UInt8(ascii: "&"), maxSplits: limit)
        guard parts.count <= limit else {
            throw ServiceError.invalidParameter("The query string has more than \(limit) parameters.")
        }
        return parts.map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
        }
    }

    private static func decode(_ text: Substring.UTF8View) -> String { PercentEncoding.decode(Substring(text), plusIsSpace: true) }
}
