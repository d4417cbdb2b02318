internal import AdapterKit
internal import JSON

/// Translates a message's content into blocks of Converse.
enum Content {
    /// The blocks of a string or an array of parts. Empty text is omitted, because Bedrock rejects it.
    static func blocks(_ content: JSONValue?, at path: String) throws(AdapterError) -> [JSONValue] {
        switch content {
        case .string(let text): return text.isEmpty ? [] : [["text": .string(text)]]
        case .array(let parts):
            var blocks: [JSONValue] = []
            for (index, part) in parts.enumerated() where part["text"] != "" {
                blocks.append(try block(part, at: "\(path).content[\(index)]"))
                if let cacheControl = part["cache_control"], cacheControl != .null { blocks.append(cachePoint(cacheControl)) }
            }
            return blocks
        default: throw .invalid("'\(path).content' must be a string or an array of parts")
        }
    }

    private static func block(_ part: JSONValue, at path: String) throws(AdapterError) -> JSONValue {
        switch part["type"]?.stringValue {
        case "text":
            guard let text = part["text"], text.stringValue != nil else { throw .invalid("'\(path).text' must be a string") }
            return ["text": text]
        case "refusal": return ["text": part["refusal"] ?? ""]
        case "image_url":
            guard let url = part["image_url"]?["url"]?.stringValue else {
                throw .invalid("'\(path).image_url.url' must be a string")
            }
            return ["image": try image(url, at: path)]
        case let type?: throw .unsupported("\(ConverseRequest.models) don't accept parts of type '\(type)' ('\(path)')")
        case nil: throw .invalid("'\(path).type' is missing")
        }
    }

    /// The bytes of a `data:` URL.
    private static func image(_ url: String, at path: String) throws(AdapterError) -> JSONValue {
        guard url.hasPrefix("data:") else {
            throw .unsupported("Bedrock doesn't fetch images: '\(path).image_url.url' must be data:TYPE;base64,…")
        }
        let parts = url.dropFirst(5).split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasSuffix(";base64") else {
            throw .invalid("'\(path).image_url.url' must be data:TYPE;base64,…")
        }
        let type = parts[0].dropLast(7)
        let formats = ["image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif", "image/webp": "webp"]
        guard let format = formats[String(type)] else {
            throw .unsupported("\(ConverseRequest.models) don't accept images of type '\(type)' ('\(path)')")
        }
        return ["format": .string(format), "source": ["bytes": .string(String(parts[1]))]]
    }

    /// The block for Anthropic's `cache_control`, which clients set on parts for every gateway. Converse has a separate block for it.
    static func cachePoint(_ cacheControl: JSONValue) -> JSONValue {
        var point: JSONObject = ["type": "default"]
        if let life = cacheControl["ttl"] { point["ttl"] = life }
        return ["cachePoint": .object(point)]
    }
}
