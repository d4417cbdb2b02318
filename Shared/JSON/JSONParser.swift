/// An error in a JSON document.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
    package var reason: String
    /// The offset of the first invalid byte, starting at 0.
    package var offset: Int
    /// The limit that the document exceeds; `nil` when it is malformed.
    package var limit: JSONLimits.Kind?

    package var description: String { "\(reason) at byte \(offset)" }
}

extension JSONValue {
    /// Parses a JSON document (RFC 8259, plus the literals `NaN`, `Infinity` and `-Infinity` of Python's encoder).
    package init(parsing text: String, limits: JSONLimits = .standard) throws(JSONSyntaxError) {
        // A native Swift string is contiguous UTF-8.
        let parsed: Result<JSONValue, JSONSyntaxError>? = text.utf8.withContiguousStorageIfAvailable { Self.parse($0, limits) }
        self = try (parsed ?? Array(text.utf8).withUnsafeBufferPointer { Self.parse($0, limits) }).get()
    }

    /// Parses a JSON document in UTF-8. Surrounding whitespace is skipped; any other surrounding text is an error.
    package init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = .standard) throws(JSONSyntaxError) {
        let parsed: Result<JSONValue, JSONSyntaxError>? = bytes.withContiguousStorageIfAvailable { Self.parse($0, limits) }
        self = try (parsed ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, limits) }).get()
    }

    /// Parses a JSON document from borrowed memory that contains UTF-8.
    package init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard) throws(JSONSyntaxError) {
        self = try Self.parse(bytes, limits).get()
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSONLimits) -> Result<JSONValue, JSONSyntaxError> {
        do throws(JSONSyntaxError) {
            var parser = try JSONParser(bytes: bytes, limits: limits)
            return .success(try parser.document())
        } catch {
            return .failure(error)
        }
    }
}

extension JSONObject {
    /// Parses a JSON object and keeps only some of its members. The others are only validated, which is faster and needs no memory.
    ///
    /// - Returns: `nil` when the document is not an object.
    package init?(
        parsing bytes: some Collection<UInt8>, members: [String], limits: JSONLimits = .standard
    ) throws(JSONSyntaxError) {
        let parsed: Result<JSONObject?, JSONSyntaxError>? = bytes.withContiguousStorageIfAvailable { Self.parse($0, members, limits) }
        guard let object = try (parsed ?? Array(bytes).withUnsafeBufferPointer { Self.parse($0, members, limits) }).get() else {
            return nil
        }
        self = object
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, _ members: [String], _ limits: JSONLimits
    ) -> Result<JSONObject?, JSONSyntaxError> {
        do throws(JSONSyntaxError) {
            var parser = try JSONParser(bytes: bytes, limits: limits)
            return .success(try parser.document(members: members))
        } catch {
            return .failure(error)
        }
    }
}

extension JSONValue {
    /// Parses the member names of a JSON object, and the byte ranges of their values.
    ///
    /// If a name is repeated, only the last member is returned. All values are validated.
    ///
    /// - Returns: `nil` when the document is not an object.
    package static func members(
        of bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard
    ) throws(JSONSyntaxError) -> [(name: String, value: Range<Int>)]? {
        var parser = try JSONParser(bytes: bytes, limits: limits)
        return try parser.memberSpans()
    }
}

/// A recursive-descent parser over borrowed bytes; every access is bounds-checked.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var position = 0
    /// The remaining number of values and names that may be kept.
    private var nodesLeft: Int

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) throws(JSONSyntaxError) {
        self.bytes = bytes
        self.limits = limits
        // Prevents an overflow when `skipValue` increments it.
        nodesLeft = min(limits.maximumNodes, .max / 2)
        guard bytes.count <= limits.maximumBytes else { throw excess(.bytes) }
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try value(depth: 0)
        try end()
        return value
    }

    /// - Returns: `nil` when the document is not an object.
    mutating func document(members: [String]) throws(JSONSyntaxError) -> JSONObject? {
        skipWhitespace()
        guard peek() == UInt8(ascii: "{") else {
            _ = try document()
            return nil
        }
        let object = try object(depth: 0, members: members)
        try end()
        return object
    }

    private mutating func end() throws(JSONSyntaxError) {
        skipWhitespace()
        guard position == bytes.count else { throw error("unexpected text after the value") }
    }

    /// - Returns: `nil` when the document is not an object.
    mutating func memberSpans() throws(JSONSyntaxError) -> [(name: String, value: Range<Int>)]? {
        skipWhitespace()
        guard peek() == UInt8(ascii: "{") else {
            _ = try document()
            return nil
        }
        position += 1
        var spans: [(name: String, value: Range<Int>)] = []
        skipWhitespace()
        if !take(UInt8(ascii: "}")) {
            spans.reserveCapacity(8)
            repeat {
                let name = try memberName(isKept: true)
                nodesLeft -= 1
                guard nodesLeft >= 0 else { throw excess(.nodes) }
                skipWhitespace()
                let start = position
                try skipValue(depth: 1)
                spans.append((name, start..<position))
                skipWhitespace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw error("expected ',' or '}'") }
        }
        try end()
        guard Self.repeatsName(spans) else { return spans }
        var names = Set(spans.map(\.name))
        return spans.reversed().filter { names.remove($0.name) != nil }.reversed()
    }

    /// Whether a name occurs more than once. Few names are compared with each other, which is faster than hashing them.
    private static func repeatsName(_ spans: [(name: String, value: Range<Int>)]) -> Bool {
        guard spans.count <= 16 else { return Set(spans.map(\.name)).count < spans.count }
        return spans.indices.contains { index in spans[..<index].contains { $0.name == spans[index].name } }
    }

    /// Parses a member name and the colon after it.
    ///
    /// - Returns: the name, or an empty string if it isn't kept.
    private mutating func memberName(isKept: Bool) throws(JSONSyntaxError) -> String {
        skipWhitespace()
        guard peek() == UInt8(ascii: "\"") else { throw error("expected a member name") }
        let name = isKept ? try string() : ""
        if !isKept { try skipString() }
        skipWhitespace()
        guard take(UInt8(ascii: ":")) else { throw error("expected ':'") }
        return name
    }

    /// Validates a value without creating it.
    private mutating func skipValue(depth: Int) throws(JSONSyntaxError) {
        guard depth < limits.maximumDepth else { throw excess(.depth) }
        skipWhitespace()
        switch peek() {
        case UInt8(ascii: "{"): _ = try object(depth: depth, members: [])
        case UInt8(ascii: "["): _ = try array(depth: depth, isKept: false)
        case UInt8(ascii: "\""): try skipString()
        default:
            // A value that isn't kept doesn't count.
            nodesLeft += 1
            _ = try value(depth: depth)
        }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < limits.maximumDepth else { throw excess(.depth) }
        nodesLeft -= 1
        guard nodesLeft >= 0 else { throw excess(.nodes) }
        skipWhitespace()
        switch peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
        case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
        case nil: throw error("expected a value, but the document ends")
        default: return try number()
        }
    }

    /// - Parameter members: the members to keep; `nil` keeps all.
    private mutating func object(depth: Int, members: [String]? = nil) throws(JSONSyntaxError) -> JSONObject {
        position += 1
        var object = JSONObject()
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return object }
        // Growing from one member up would cost more than filling most objects. A larger capacity would waste memory on small ones.
        object.members.reserveCapacity(members?.count ?? 4)
        while true {
            let name = try memberName(isKept: !(members?.isEmpty ?? false))
            if members?.contains(name) ?? true {
                // `value(depth:)` checks the limit.
                nodesLeft -= 1
                object.members.append(.init(name: name, value: try value(depth: depth + 1)))
            } else {
                try skipValue(depth: depth + 1)
            }
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("expected ',' or '}'") }
            return object
        }
    }

    private mutating func array(depth: Int, isKept: Bool = true) throws(JSONSyntaxError) -> [JSONValue] {
        position += 1
        var values: [JSONValue] = []
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return values }
        if isKept { values.reserveCapacity(2) }
        while true {
            if isKept { values.append(try value(depth: depth + 1)) } else { try skipValue(depth: depth + 1) }
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("expected ',' or ']'") }
            return values
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        if take(UInt8(ascii: "-")), peek() == UInt8(ascii: "I") { return try word("Infinity", .number(-.infinity)) }
        let firstDigit = position
        takeDigits()
        guard position > firstDigit else {
            position = start
            throw error("expected a value")
        }
        guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else { throw error("number with a leading zero") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard takeDigits() else { throw error("expected a digit") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            guard takeDigits() else { throw error("expected a digit") }
        }
        if isWhole, let value = shortInteger(start..<position) { return .integer(value) }
        let text = try utf8(start..<position)
        if isWhole, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text) else { throw error("invalid number") }
        return .number(value)
    }

    /// The value of an integer that is short enough not to overflow; `nil` for a longer one.
    private func shortInteger(_ range: Range<Int>) -> Int64? {
        guard range.count <= 18 else { return nil }
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for index in (isNegative ? range.dropFirst() : range) { value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0")) }
        return isNegative ? -value : value
    }

    @discardableResult
    private mutating func takeDigits() -> Bool {
        let start = position
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position > start
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count else { throw error("unknown literal") }
        for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] {
            throw error("unknown literal")
        }
        position = end
        return value
    }

    func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    func error(_ reason: String) -> JSONSyntaxError {
        JSONSyntaxError(reason: reason, offset: position)
    }

    private func excess(_ limit: JSONLimits.Kind) -> JSONSyntaxError {
        JSONSyntaxError(reason: limits.reason(limit), offset: position, limit: limit)
    }
}
