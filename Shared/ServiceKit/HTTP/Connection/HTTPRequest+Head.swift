internal import HTTPTypes
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

extension HTTPRequest {
    /// The head of a request as Hummingbird wants it.
    ///
    /// What NIO has for this takes each target apart as a URL and copies each name to look for `Host`; here that is left to targets that
    /// are no paths, which only proxies get (RFC 9112, section 3.2).
    ///
    /// - Returns: `nil` if the method is none.
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
