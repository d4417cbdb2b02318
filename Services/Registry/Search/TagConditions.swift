internal import Database
internal import SearchFilter
internal import ServiceKit

/// Comparisons with tags, as conditions on a table of tags.
enum TagConditions {
    /// - Returns: what the row of a matching tag satisfies.
    static func condition(_ comparison: Comparison, _ dialect: Dialect) throws -> SQL {
        let condition: SQL = "key = \(comparison.key) AND \(try comparison.condition(on: "value", dialect))"
        guard comparison.operator == .equal, case .string(let value) = comparison.literal else { return condition }
        // The index has the beginning of the value only; see `RegistrySchema`.
        return "\(condition) AND substr(value, 1, 200) = substr(\(value), 1, 200)"
    }
}
