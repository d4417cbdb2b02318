/// A value that can be written as JSON.
package protocol JSONWritable {
    /// Writes the value.
    func write(to json: inout JSONWriter)
}

/// Writes JSON as UTF-8 directly from values, without an intermediate tree.
///
/// Follows protobuf's JSON mapping as MLflow configures it: names in snake_case, only fields that are set, 64-bit integers as numbers,
/// `NaN` and the infinities as strings.
package struct JSONWriter {
    package private(set) var bytes: [UInt8]
    /// Whether a value precedes at this level, so that the next one needs a comma.
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Writes a value on a separate line.
    ///
    /// - Parameter prefix: the byte that precedes the value.
    package static func line(_ prefix: UInt8, capacity: Int, _ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: capacity)
        json.bytes.append(prefix)
        body(&json)
        json.bytes.append(UInt8(ascii: "\n"))
        return json.bytes
    }

    // MARK: Containers

    /// Writes an object whose members `body` writes.
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Begins an element of an array that is written in parts, each by its own writer.
    ///
    /// - Parameter after: whether another element precedes it, in this or an earlier part.
    package mutating func element(after: Bool) {
        needsComma = after
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Members

    /// Writes the name of a member; its value must follow.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the name of a member that needs no escaping; its value must follow.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member, or nothing when the value is not set.
    package mutating func field(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        string(value)
    }

    /// Writes a member, or nothing when the value is not set.
    package mutating func field(_ name: StaticString, _ value: Int64?) {
        guard let value else { return }
        self.name(name)
        integer(value)
    }

    /// Writes a member, or nothing when the value is not set.
    package mutating func field(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        number(value)
    }

    /// Writes a member, or nothing when the value is not set.
    package mutating func field(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        bool(value)
    }

    /// Writes a member, or nothing when the value is not set.
    package mutating func field(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        self.name(name)
        value.write(to: &self)
    }

    /// Writes an array, or nothing when it is empty, as protobuf does with repeated fields.
    package mutating func field(_ name: StaticString, _ values: [some JSONWritable]) {
        guard !values.isEmpty else { return }
        self.name(name)
        array { json in for value in values { value.write(to: &json) } }
    }

    /// Writes an array of strings, or nothing when it is empty.
    package mutating func field(_ name: StaticString, _ values: [String]) {
        guard !values.isEmpty else { return }
        self.name(name)
        array { json in for value in values { json.string(value) } }
    }

    // MARK: Values

    /// Writes `null`.
    package mutating func null() {
        separate()
        append("null")
    }

    /// Writes a Boolean.
    package mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" : "false")
    }

    /// Writes an integer.
    package mutating func integer(_ value: Int64) {
        separate()
        appendDigits(value)
    }

    /// Writes a floating-point number; `NaN` and the infinities as strings.
    package mutating func number(_ value: Double) {
        separate()
        if value.isFinite {
            var text = value.description
            text.withUTF8 { bytes.append(contentsOf: $0) }
        } else {
            append(value.isNaN ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"")
        }
    }

    /// Writes a string.
    package mutating func string(_ value: String) {
        separate()
        quote(value)
    }

    /// Writes a string from UTF-8 in borrowed memory.
    package mutating func string(utf8: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(utf8)
    }

    /// Writes serialized JSON.
    package mutating func raw(_ json: [UInt8]) { json.withUnsafeBufferPointer { raw($0) } }

    /// Writes serialized JSON.
    package mutating func raw(_ json: UnsafeBufferPointer<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    // MARK: Bytes

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func appendDigits(_ value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value.magnitude
            var index = 20
            repeat {
                index -= 1
                digits[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(contentsOf: digits[index..<20])
        }
    }

    private mutating func quote(_ value: String) {
        guard value.utf8.withContiguousStorageIfAvailable({ quote($0) }) == nil else { return }
        var value = value
        value.withUTF8 { quote($0) }
    }

    /// Appends a quoted string: copies runs of bytes that need no escaping at once.
    private mutating func quote(_ utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in utf8.indices {
            let byte = utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: utf8[start..<index])
            escape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: utf8[start...])
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            bytes.append(Self.hexDigit(byte >> 4))
            bytes.append(Self.hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}

extension JSONWritable {
    /// The value as UTF-8 JSON.
    package func jsonBytes(capacity: Int = 512) -> [UInt8] {
        var json = JSONWriter(capacity: capacity)
        write(to: &json)
        return json.bytes
    }

    /// The value as a JSON string.
    package var jsonString: String { String(decoding: jsonBytes(), as: UTF8.self) }
}
