internal import CLibPQ
internal import Database

/// Concatenates values in PostgreSQL's binary format: numbers in big-endian order (`int8send`, `float8send`), arrays as `array_send`
/// writes them.
struct PostgreSQLBinaryEncoder {
    /// OIDs of types in the catalog `pg_type`.
    enum TypeOID {
        static let unknown: Oid = 0
        static let bytea: Oid = 17
        static let int8: Oid = 20
        static let text: Oid = 25
        static let float8: Oid = 701
        static let byteaArray: Oid = 1001
        static let textArray: Oid = 1009
        static let int8Array: Oid = 1016
        static let float8Array: Oid = 1022
    }

    private(set) var bytes: [UInt8] = []

    /// - Returns: the OID of the value's type; `unknown` for NULL, whose type the server infers.
    mutating func append(_ value: SQLValue) -> Oid {
        switch value {
        case .null:
            return TypeOID.unknown
        case .integer(let value):
            append(value)
            return TypeOID.int8
        case .double(let value):
            append(value.bitPattern)
            return TypeOID.float8
        case .text(let value):
            append(value)
            return TypeOID.text
        case .bytes(let value):
            bytes.append(contentsOf: value)
            return TypeOID.bytea
        case .array(.integers(let values)):
            appendArray(values, of: TypeOID.int8) {
                $0.append(Int32(8))
                $0.append($1)
            }
            return TypeOID.int8Array
        case .array(.doubles(let values)):
            appendArray(values, of: TypeOID.float8) {
                $0.append(Int32(8))
                $0.append($1.bitPattern)
            }
            return TypeOID.float8Array
        case .array(.texts(let values)):
            appendArray(values, of: TypeOID.text) { $0.appendWithLength($1) }
            return TypeOID.textArray
        case .array(.bytes(let values)):
            appendArray(values, of: TypeOID.bytea) {
                $0.append(Int32(clamping: $1.count))
                $0.bytes.append(contentsOf: $1)
            }
            return TypeOID.byteaArray
        }
    }

    /// Terminates a value with a zero byte, as libpq expects of text.
    mutating func appendNullTerminator() {
        bytes.append(0)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
        // PostgreSQL's text can't hold U+0000.
        bytes.append(contentsOf: text.utf8.lazy.filter { $0 != 0 })
    }

    private mutating func appendWithLength(_ text: String) {
        append(Int32(clamping: text.utf8.count { $0 != 0 }))
        append(text)
    }

    /// - Parameter appendElement: appends the length of an element in bytes, and then the element.
    private mutating func appendArray<Element>(
        _ elements: [Element], of type: Oid, _ appendElement: (inout PostgreSQLBinaryEncoder, Element) -> Void
    ) {
        bytes.reserveCapacity(bytes.count + 20 + 12 * elements.count)
        // The number of dimensions, no NULLs, the element type, the number of elements, the first index.
        append(elements.isEmpty ? Int32(0) : 1)
        append(Int32(0))
        append(type)
        guard !elements.isEmpty else { return }
        append(Int32(clamping: elements.count))
        append(Int32(1))
        for element in elements { appendElement(&self, element) }
    }
}
