internal import CLibPQ
internal import Database

extension DatabaseError {
    /// Creates the error of a failed result, classified by its SQLSTATE (PostgreSQL's documentation, appendix A).
    init(postgreSQLResult result: OpaquePointer, isBroken: Bool) {
        let message = String(cString: PQresultErrorMessage(result))
        // 67 is PG_DIAG_SQLSTATE ('C'), a macro that Swift doesn't import.
        let state = PQresultErrorField(result, 67).map { String(cString: $0) } ?? ""
        self.init(isBroken ? .unavailable : Self.kind(ofState: state), "PostgreSQL error \(state): \(message)")
    }

    private static func kind(ofState state: String) -> Kind {
        switch state {
        case "23505": return .uniqueViolation
        case "23503": return .foreignKeyViolation
        case "40001", "40P01": return .conflict  // serialization_failure, deadlock_detected
        case "25006", "57014": return .unavailable  // read_only_sql_transaction, query_canceled
        default: break
        }
        if state.hasPrefix("54") { return .tooLarge }  // program_limit_exceeded
        // Classes: connection exception, insufficient resources, operator intervention, system error.
        return ["08", "53", "57", "58"].contains(state.prefix(2)) ? .unavailable : .failure
    }
}
