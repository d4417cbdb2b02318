internal import Foundation
internal import Primitives

/// The base URL of a service: `http://HOST:PORT` or `https://…`, optionally with a path prefix.
package struct ServiceAddress: Sendable, CustomStringConvertible {
    /// The URL without a trailing slash.
    package let description: String

    /// Returns `nil` unless the string is an `http` or `https` URL with a host and without a query.
    package init?(_ text: String) {
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = components.host, !host.isEmpty, components.query == nil,
            components.fragment == nil
        else { return nil }
        var description = text
        while description.hasSuffix("/") { description.removeLast() }
        self.description = description
    }

    /// The URL of a path on the service.
    ///
    /// - Parameter segments: the path segments, not percent-encoded.
    func url(_ segments: [String], query: [(name: String, value: String)]) -> String {
        let path = segments.map { "/" + PercentEncoding.encode($0) }.joined()
        let query = query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return description + path + (query.isEmpty ? "" : "?" + query)
    }
}
