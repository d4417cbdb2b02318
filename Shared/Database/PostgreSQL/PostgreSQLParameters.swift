internal import CLibPQ
internal import Database

/// The values of a statement in the binary form in which they travel.
struct PostgreSQLParameters {
    /// PostgreSQL's type numbers (catalog `pg_type`); 0 lets the server infer the type of a NULL.
    let types: [Oid]
    private let lengths: [Int32]
    private let formats: [Int32]
    /// All values behind one another, each text with a zero byte.
    private let bytes: [UInt8]
    private let offsets: [Int?]

    init(_ values: [SQLValue]) {
        var types: [Oid] = []
        var lengths: [Int32] = []
        var bytes: [UInt8] = []
        var offsets: [Int?] = []
        for value in values {
            let start = bytes.count
            switch value {
            case .null:
                types.append(0)
                offsets.append(nil)
            case .integer(let value):
                types.append(20)
                offsets.append(start)
                withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .double(let value):
                types.append(701)
                offsets.append(start)
                withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let value):
                types.append(25)
                offsets.append(start)
                // PostgreSQL's text can't hold U+0000.
                bytes.append(contentsOf: value.utf8.lazy.filter { $0 != 0 })
            }
            lengths.append(Int32(clamping: bytes.count - start))
            bytes.append(0)
        }
        self.types = types
        self.lengths = lengths
        self.bytes = bytes
        self.offsets = offsets
        formats = Array(repeating: 1, count: values.count)
    }

    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, [Int32], [Int32]) throws -> Result
    ) throws -> Result {
        try bytes.withUnsafeBytes { buffer in
            let pointers = offsets.map { offset in
                offset.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return try pointers.withUnsafeBufferPointer { try body($0.baseAddress, lengths, formats) }
        }
    }
}
