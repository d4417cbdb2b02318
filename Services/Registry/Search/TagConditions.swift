internal import Database
internal import MLflowAPI
internal import SearchFilter

/// Translates comparisons of tags to conditions on a table of tags.
enum TagConditions {
    /// - Returns: the condition on the row of a matching tag.
    static func condition(_ comparison: Comparison, _ dialect: Dialect) throws -> SQL {
        let condition: SQL = "key = \(comparison.key) AND \(try comparison.condition(on: "value", dialect))"
        guard comparison.operator == .equal, case .string(let value) = comparison.literal else { return condition }
        // The index covers only the beginning of the value; see `RegistrySchema`.
        return "\(condition) AND substr(value, 1, 200) = substr(\(value), 1, 200)"
    }
}
