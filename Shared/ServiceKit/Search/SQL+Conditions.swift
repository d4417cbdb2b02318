package import Database

extension SQL {
    /// All of the conditions together; without any, a condition that always holds.
    package static func all(_ conditions: some Collection<SQL>) -> SQL {
        conditions.isEmpty ? "1 = 1" : balanced(conditions, " AND ")
    }

    /// At least one of the conditions; without any, a condition that never holds.
    package static func any(_ conditions: some Collection<SQL>) -> SQL {
        conditions.isEmpty ? never : balanced(conditions, " OR ")
    }

    /// A condition that never holds.
    package static let never: SQL = "1 = 0"

    /// A key to sort by; what has no value comes last in both directions.
    package static func sorted(by expression: SQL, ascending: Bool) -> SQL {
        ascending ? "\(expression) ASC NULLS LAST" : "\(expression) DESC NULLS LAST"
    }

    /// The conditions joined in pairs and pairs of pairs: a long row of ANDs would be a tree too deep for SQLite (1000 levels).
    private static func balanced(_ conditions: some Collection<SQL>, _ conjunction: SQL) -> SQL {
        guard conditions.count > 1 else { return conditions.first ?? "" }
        let half = conditions.count / 2
        return "(\(balanced(conditions.prefix(half), conjunction))\(conjunction)\(balanced(conditions.dropFirst(half), conjunction)))"
    }
}
