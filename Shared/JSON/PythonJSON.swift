extension JSONWritable {
    /// The value as Python's `json.dumps` writes it: with a space after each comma and colon, ASCII only. For JSON inside tags and page
    /// tokens, which MLflow's users may search as text.
    package var pythonJSONString: String { spaced(asciiOnly(jsonString)) }

    /// The same with `ensure_ascii=False`: non-ASCII characters are not escaped.
    package var pythonUnicodeJSONString: String { spaced(jsonString) }
}

extension JSONValue {
    /// The value as Python's `json.dumps(value, sort_keys=True, separators=(",", ":"))` writes it, as in MLflow's messages: members sorted
    /// by name, ASCII only.
    package var pythonSortedJSON: String { asciiOnly(sorted.jsonString) }

    /// The value with the members of all objects sorted by name.
    private var sorted: JSONValue {
        switch self {
        case .array(let values): .array(values.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.map { .init(name: $0.name, value: $0.value.sorted) }.sorted { $0.name < $1.name }))
        default: self
        }
    }
}

/// JSON with non-ASCII characters escaped as `\uXXXX`.
private func asciiOnly(_ json: String) -> String {
    guard !json.utf8.allSatisfy({ $0 < 0x80 }) else { return json }
    var text = ""
    for unit in json.utf16 {
        if unit < 0x80 {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
        } else {
            let digits = String(unit, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return text
}

/// JSON with a space after each comma and colon that isn't in a string.
private func spaced(_ json: String) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(json.utf8.count + json.utf8.count / 8)
    var isInString = false
    var isEscaped = false
    for byte in json.utf8 {
        text.append(byte)
        if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
        if !isInString, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") { text.append(UInt8(ascii: " ")) }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return String(decoding: text, as: UTF8.self)
}
