import JSON
import Primitives
import ServiceKit
import WireProtocol

@testable import Tracking

extension FuzzTarget {
    static let formats = [
        FuzzTarget(name: "json") { bytes in
            let limits = JSONLimits(maximumNodes: 10_000, maximumDepth: 50)
            _ = try? JSONObject(parsing: bytes, members: ["usage", "error"], limits: limits)
            bytes.withUnsafeBufferPointer { _ = try? JSONValue.members(of: $0, limits: limits) }
            guard let value = try? JSONValue(parsing: bytes, limits: limits) else { return }
            require(value.nodeCount <= limits.maximumNodes, "the limit on nodes is enforced")
            let written = try? JSONValue(parsing: value.jsonBytes(), limits: limits)
            require(written != nil, "the writer writes JSON")
            _ = (value.pythonSortedJSON, value.pythonJSONString, value.pythonUnicodeJSONString)
            require(value.pythonExcerpt(100).unicodeScalars.count <= 101, "an excerpt is short")
            require(value.excerpt(100).nodeCount <= 205, "an excerpt is small")
        },
        FuzzTarget(name: "query") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            for pair in (try? QueryString.pairs(of: text, limit: 100)) ?? [] {
                let encoded = PercentEncoding.encode(pair.value)
                require(PercentEncoding.decode(encoded, plusIsSpace: true) == pair.value, "percent-encoding round-trips")
            }
        },
        FuzzTarget(name: "base64") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let decoded = Base64.decode(text) { require(Base64.decode(Base64.encode(decoded)) == decoded, "base64 round-trips") }
            require(Base64.decode(Base64.encode(bytes)) == bytes, "base64 round-trips")
        },
        FuzzTarget(name: "hex") { bytes in
            if let decoded = Hex.decode(String(decoding: bytes, as: UTF8.self)) {
                require(Hex.decode(Hex.encode(decoded)) == decoded, "hexadecimal digits round-trip")
            }
        },
        FuzzTarget(name: "inflate") { bytes in
            for limit in [100, 1 << 20] {
                require((try? Inflate.gzip(bytes, limit: limit))?.count ?? 0 <= limit, "the limit is enforced")
                require((try? Inflate.zlib(bytes, limit: limit))?.count ?? 0 <= limit, "the limit is enforced")
            }
        },
        FuzzTarget(name: "wire-time") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let time = ProtobufTime.time(text) {
                require(ProtobufTime.time(ProtobufTime.text(time)) != nil, "a formatted time can be parsed")
            }
            if let duration = ProtobufTime.duration(text) {
                require(ProtobufTime.duration(ProtobufTime.durationText(duration)) == duration, "a duration round-trips")
            }
        },
    ]
}
