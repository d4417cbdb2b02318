extension SQL {
    /// The conjunction of the conditions; always true if there are none.
    package static func all(_ conditions: some Collection<SQL>) -> SQL {
        conditions.isEmpty ? "1 = 1" : balanced(conditions, " AND ")
    }

    /// The disjunction of the conditions; always false if there are none.
    package static func any(_ conditions: some Collection<SQL>) -> SQL {
        conditions.isEmpty ? never : balanced(conditions, " OR ")
    }

    /// A condition that is always false.
    package static let never: SQL = "1 = 0"

    /// A sort key. Null values come last in both directions.
    package static func sorted(by expression: SQL, ascending: Bool) -> SQL {
        ascending ? "\(expression) ASC NULLS LAST" : "\(expression) DESC NULLS LAST"
    }

    /// Joins the conditions as a balanced tree: a long chain of ANDs would exceed SQLite's limit on expression depth (1000).
    private static func balanced(_ conditions: some Collection<SQL>, _ conjunction: SQL) -> SQL {
        guard conditions.count > 1 else { return conditions.first ?? "" }
        let half = conditions.count / 2
        return "(\(balanced(conditions.prefix(half), conjunction))\(conjunction)\(balanced(conditions.dropFirst(half), conjunction)))"
    }
}
