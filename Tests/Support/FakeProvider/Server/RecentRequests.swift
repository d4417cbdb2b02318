internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// The most recent requests, for `GET /control/requests`.
struct RecentRequests {
    static let maximum = 256
    /// The number of bytes to keep of a body.
    static let maximumBody = 65_536

    private struct Entry {
        var method: String
        var target: String
        var headers: HTTPHeaders
        var body: [UInt8]
        var length: Int
    }

    /// A ring buffer.
    private var entries: [Entry] = []
    private var oldest = 0

    mutating func add(_ request: Request) {
        let entry = Entry(
            method: request.method, target: request.target, headers: request.headers,
            body: Array(request.body.readableBytesView.prefix(Self.maximumBody)),
            length: request.body.readableBytes)
        if entries.count < Self.maximum {
            entries.append(entry)
        } else {
            entries[oldest] = entry
            oldest = (oldest + 1) % Self.maximum
        }
    }

    /// The requests, oldest first. A body is included as JSON, or as a string if it isn't JSON.
    func json(last count: Int) -> JSONValue {
        let ordered = entries[oldest...] + entries[..<oldest]
        return .array(
            ordered.suffix(max(count, 0)).map { entry in
                let headers = entry.headers.map { JSONObject.Member(name: $0.name.lowercased(), value: .string($0.value)) }
                let body = (try? JSONValue(parsing: entry.body)) ?? .string(String(decoding: entry.body, as: UTF8.self))
                return [
                    "method": .string(entry.method), "path": .string(entry.target),
                    "headers": .object(JSONObject(headers)), "body": body, "body_length": .integer(Int64(entry.length)),
                ]
            })
    }
}
