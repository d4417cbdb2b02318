internal import Foundation

/// Where a service listens: `http://HOST:PORT` or `https://…`, with a path in front of its API if it has one.
package struct ServiceAddress: Sendable, CustomStringConvertible {
    /// Without a slash at the end.
    package let description: String

    /// `nil` when the text is no address of that form.
    package init?(_ text: String) {
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = components.host, !host.isEmpty, components.query == nil,
            components.fragment == nil
        else { return nil }
        var description = text
        while description.hasSuffix("/") { description.removeLast() }
        self.description = description
    }

    /// The URL of a path there.
    ///
    /// - Parameter segments: the path's parts, each as it is meant: they are percent-encoded here.
    func url(_ segments: [String], query: [(name: String, value: String)]) -> String {
        let path = segments.map { "/" + Self.encode($0) }.joined()
        let query = query.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
        return description + path + (query.isEmpty ? "" : "?" + query)
    }

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
