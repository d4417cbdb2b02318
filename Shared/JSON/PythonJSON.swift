extension JSONWritable {
    /// The value as Python's `json.dumps` writes it: a space after each comma and colon, ASCII only. For JSON inside of tags and
    /// page tokens, which MLflow's users may search as text.
    package var pythonJSONText: String {
        var text = ""
        var isInString = false
        var isEscaped = false
        for scalar in asciiOnly(jsonText).unicodeScalars {
            text.unicodeScalars.append(scalar)
            if scalar == "\"", !isEscaped { isInString.toggle() }
            if !isInString, scalar == "," || scalar == ":" { text += " " }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return text
    }
}

extension JSONValue {
    /// The value as Python's `json.dumps(value, sort_keys=True, separators=(",", ":"))` writes it, as MLflow's messages have it:
    /// members sorted by name, ASCII only.
    package var pythonText: String { asciiOnly(sorted.jsonText) }

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

/// JSON with everything beyond ASCII as `\uXXXX`.
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
