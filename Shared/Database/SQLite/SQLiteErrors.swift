internal import CSQLite
internal import Database

extension DatabaseError {
    /// Creates an error, classified by its result code.
    ///
    /// - Parameter sqliteCode: an extended result code; see sqlite.org/rescode.html.
    init(sqliteCode: Int32, message: String) {
        self.init(Self.kind(ofSQLiteCode: sqliteCode), "SQLite error \(sqliteCode): \(message)")
    }

    private static func kind(ofSQLiteCode code: Int32) -> Kind {
        switch code {
        case 1555, 2067, 2579: return .uniqueViolation  // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID
        case 787: return .foreignKeyViolation  // SQLITE_CONSTRAINT_FOREIGNKEY
        default: break
        }
        // The low byte is the primary code.
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM,
            SQLITE_NOTADB, SQLITE_NOLFS, SQLITE_PROTOCOL:
            return .unavailable
        default: return .failure
        }
    }
}

/// The file is locked by another process, and the connection doesn't wait for locks.
struct SQLiteLockedError: Error {}
