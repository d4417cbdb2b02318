internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// A request with its whole body.
struct Request {
    /// The number of the request, starting at 1.
    var serial: Int
    var method: String
    /// The path and query as received.
    var target: String
    /// The percent-encoded path, without the query.
    var path: Substring
    var query: Substring
    var headers: HTTPHeaders
    var body: ByteBuffer
    /// Whether the body exceeds the provider's limit.
    var isTooLong: Bool
    var keepsAlive: Bool

    init(serial: Int, head: HTTPRequestHead, body: ByteBuffer, isTooLong: Bool) {
        self.serial = serial
        method = head.method.rawValue
        target = head.uri
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0]
        query = parts.count > 1 ? parts[1] : ""
        headers = head.headers
        keepsAlive = head.isKeepAlive
        self.body = body
        self.isTooLong = isTooLong
    }

    func header(_ name: String) -> String? { headers.first(name: name) }

    /// The percent-decoded value of a query parameter.
    func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name { return parts.count > 1 ? PercentEncoding.decode(parts[1]) : "" }
        }
        return nil
    }

    /// The contents of a careless provider's error: the request's target and headers, and internals of its program.
    var leak: String {
        let quoted = headers.map { "'\($0.name)': '\($0.value)'" }.joined(separator: ", ")
        return """
             \(method) \(target) headers={\(quoted)} db=postgresql://admin:hunter2@db.internal/prod
            Traceback (most recent call last):
              File "/usr/lib/python3/dist-packages/provider/server.py", line 12, in answer
                raise ProviderError(request)
            provider.ProviderError: see /var/log/provider/errors.log
                at com.acme.provider.Server.answer(Server.java:12)
                at Object.<anonymous> (/app/server.js:1:2)
            """
    }

    /// The body, which must be a JSON object.
    func object() throws(Failure) -> JSONObject {
        let parsed = body.withUnsafeReadableBytes { bytes -> Result<JSONValue, JSONSyntaxError> in
            do throws(JSONSyntaxError) {
                return .success(try JSONValue(parsing: bytes.bindMemory(to: UInt8.self)))
            } catch {
                return .failure(error)
            }
        }
        switch parsed {
        case .success(.object(let object)): return object
        case .success: throw Failure(400, "We expected the body of your request to be a JSON object.")
        case .failure(let error): throw Failure(400, "We could not parse the JSON body of your request: \(error)")
        }
    }
}
