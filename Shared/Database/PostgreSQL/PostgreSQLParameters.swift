internal import CLibPQ
internal import Database

/// The values of a statement in PostgreSQL's binary wire format.
struct PostgreSQLParameters {
    /// Type OIDs (catalog `pg_type`); 0 lets the server infer the type of a NULL.
    let types: [Oid]
    private let lengths: [Int32]
    private let formats: [Int32]
    /// All values concatenated, each followed by a zero byte.
    private let bytes: [UInt8]
    private let offsets: [Int?]

    init(_ values: [SQLValue]) {
        var types: [Oid] = []
        var lengths: [Int32] = []
        var offsets: [Int?] = []
        var encoder = PostgreSQLBinaryEncoder()
        for value in values {
            let start = encoder.bytes.count
            types.append(encoder.append(value))
            offsets.append(value == .null ? nil : start)
            lengths.append(Int32(clamping: encoder.bytes.count - start))
            encoder.appendNullTerminator()
        }
        self.types = types
        self.lengths = lengths
        self.offsets = offsets
        bytes = encoder.bytes
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
