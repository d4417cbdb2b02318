internal import HTTPTypes
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

extension HTTPRequest {
    /// Converts the head of a request for Hummingbird.
    ///
    /// NIO's conversion parses each target as a URL and copies each field name to find `Host`. Here, only targets that aren't paths are
    /// parsed, which only proxies receive (RFC 9112, section 3.2).
    ///
    /// - Returns: `nil` if the method isn't a valid token.
    init?(_ head: HTTPRequestHead) {
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            guard let request = try? HTTPRequest(head, secure: false, splitCookie: false) else { return nil }
            self = request
            return
        }
        guard let method = try? HTTPRequest.Method(head.method) else { return nil }
        self.init(method: method, scheme: "http", authority: nil, path: head.uri)
        headerFields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name) else { continue }
            if authority == nil, name.canonicalName == "host" {
                authority = value
            } else {
                headerFields.append(HTTPField(name: name, value: value))
            }
        }
    }
}
