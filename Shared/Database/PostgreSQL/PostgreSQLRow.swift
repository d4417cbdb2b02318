internal import CLibPQ
internal import Database

/// The current row of a result in binary format.
final class PostgreSQLRow: RowSource {
    private let result: OpaquePointer
    private let types: [Oid]
    var index: Int32 = 0

    init(_ result: OpaquePointer) {
        self.result = result
        types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    }

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, index, Int32(column)) == 1 }

    func integer(_ column: Int) -> Int64 {
        switch type(of: column) {
        case 20: load(column, as: Int64.self).map { Int64(bigEndian: $0) } ?? 0
        case 23: load(column, as: Int32.self).map { Int64(Int32(bigEndian: $0)) } ?? 0
        case 21: load(column, as: Int16.self).map { Int64(Int16(bigEndian: $0)) } ?? 0
        case 16: load(column, as: UInt8.self).map { Int64($0) } ?? 0
        case 25, 1043: Int64(String(decoding: utf8(column), as: UTF8.self)) ?? 0
        default: Int64(exactly: double(column).rounded()) ?? 0
        }
    }

    func double(_ column: Int) -> Double {
        switch type(of: column) {
        case 701: load(column, as: UInt64.self).map { Double(bitPattern: UInt64(bigEndian: $0)) } ?? 0
        case 700: load(column, as: UInt32.self).map { Double(Float(bitPattern: UInt32(bigEndian: $0))) } ?? 0
        case 20, 21, 23: Double(integer(column))
        default: 0
        }
    }

    func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let length = Int(PQgetlength(result, index, Int32(column)))
        guard let value = PQgetvalue(result, index, Int32(column)) else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: UnsafeRawPointer(value).assumingMemoryBound(to: UInt8.self), count: length)
    }

    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> { utf8(column) }

    var size: Int { types.indices.reduce(0) { $0 + Int(PQgetlength(result, index, Int32($1))) } }

    private func type(of column: Int) -> Oid { column < types.count ? types[column] : 0 }

    private func load<Value: BitwiseCopyable>(_ column: Int, as type: Value.Type) -> Value? {
        guard !isNull(column), Int(PQgetlength(result, index, Int32(column))) == MemoryLayout<Value>.size,
            let value = PQgetvalue(result, index, Int32(column))
        else { return nil }
        return UnsafeRawPointer(value).loadUnaligned(as: type)
    }
}
