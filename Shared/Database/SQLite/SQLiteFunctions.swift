internal import CSQLite
internal import Database

/// SQL functions that SQLite lacks.
enum SQLiteFunctions {
    static func register(on handle: OpaquePointer) throws {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        let status = sqlite3_create_function_v2(handle, "unicode_lower", 1, flags, nil, unicodeLower, nil, nil, nil)
        guard status == SQLITE_OK else { throw DatabaseError(sqliteCode: status, message: "can't register the function unicode_lower") }
    }

    /// Lowercases all of Unicode; SQLite's own `lower` handles ASCII only.
    private static let unicodeLower: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void = {
        context, _, arguments in
        guard let value = arguments?[0], let text = sqlite3_value_text(value) else { return sqlite3_result_null(context) }
        let utf8 = UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(value)))
        var lower = String(decoding: utf8, as: UTF8.self).lowercased()
        lower.withUTF8 { utf8 in
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_result_text(context, $0.baseAddress ?? UnsafePointer(bitPattern: 1), Int32(clamping: utf8.count), transient)
            }
        }
    }
}
