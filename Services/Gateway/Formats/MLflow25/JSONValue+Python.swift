internal import JSON

// The results of Python's constructors for JSON values. Pydantic 1 calls them, so a body may have a number as a string or a string as
// a number.

extension JSONValue {
    /// `str(…)` of a string, number or boolean; `nil` for anything else.
    var asPythonString: String? {
        switch self {
        case .string(let text): text
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .bool(let value): value ? "True" : "False"
        case .null, .array, .object: nil
        }
    }

    /// `float(…)`; `nil` where it fails.
    var asPythonNumber: Double? {
        switch self {
        case .integer(let value): return Double(value)
        case .number(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .string(let text):
            let text = text.trimmed
            // `Double` also parses hexadecimal numbers, which Python rejects.
            return text.utf8.allSatisfy("0123456789+-.eE".utf8.contains) ? Double(text) : nil
        case .null, .array, .object: return nil
        }
    }

    /// `int(…)`, which truncates fractions; `nil` where it fails. Values beyond 64 bits are clamped.
    var asPythonInteger: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value) where value.isFinite: value >= 0x1p63 ? .max : value < -0x1p63 ? .min : Int64(value)
        case .bool(let value): value ? 1 : 0
        case .string(let text): Int64(text.trimmed)
        case .null, .number, .array, .object: nil
        }
    }

    /// `dict(…)`, which also accepts an empty list and an empty string.
    var asPythonObject: JSONObject? {
        switch self {
        case .object(let object): object
        case .array([]), .string(""): [:]
        default: nil
        }
    }

    /// The value without null members, as `jsonable_encoder(…, exclude_none=True)` returns it.
    var withoutNulls: JSONValue {
        switch self {
        case .object(let object): .object(object.withoutNulls)
        case .array(let values): .array(values.map(\.withoutNulls))
        default: self
        }
    }
}

extension JSONObject {
    var withoutNulls: JSONObject {
        JSONObject(members.filter { $0.value != .null }.map { .init(name: $0.name, value: $0.value.withoutNulls) })
    }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = \.isWhitespace
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
