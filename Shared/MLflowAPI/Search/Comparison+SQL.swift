package import Database
package import SearchFilter
internal import WireProtocol

extension Comparison {
    /// The SQL condition for the comparison of `column` with the literal. Both must be strings or both numbers.
    package func condition(on column: SQL, _ dialect: Dialect) throws -> SQL {
        switch (self.operator, literal) {
        case (.like, .string(let pattern)): return dialect.like(column, pattern)
        case (.ilike, .string(let pattern)): return dialect.ilike(column, pattern)
        case (.in, .list(let texts)): return "\(column) IN (\(.list(texts)))"
        case (.notIn, .list(let texts)): return "\(column) NOT IN (\(.list(texts)))"
        case (.isNull, _): return "\(column) IS NULL"
        case (.isNotNull, _): return "\(column) IS NOT NULL"
        default:
            guard let sign = self.operator.sign, let value = literal.value else {
                // The grammars don't allow this comparison.
                throw FilterError("Invalid comparator '\(self.operator.rawValue)' for '\(key)'")
            }
            return "\(column) \(sign) \(value)"
        }
    }

    /// The SQL condition for a metric's value. NaN is stored as a flag: it differs from every number and is neither less nor greater.
    package func condition(onMetric value: SQL, isNaN: SQL, _ dialect: Dialect) throws -> SQL {
        let condition = try condition(on: value, dialect)
        return self.operator == .notEqual ? "(\(isNaN) = 1 OR \(condition))" : "(\(isNaN) = 0 AND \(condition))"
    }

    /// The SQL condition that some row's `column` matches the comparison; for `IS NULL`, that there is no row.
    ///
    /// - Parameter rows: the `FROM` and `WHERE` clauses that select the rows: `tags t WHERE t.run_id = r.id AND t.key_id = 7`.
    package func condition(onAnyOf rows: SQL, _ column: SQL, _ dialect: Dialect) throws -> SQL {
        switch self.operator {
        case .isNull: "NOT EXISTS (SELECT 1 FROM \(rows))"
        case .isNotNull: "EXISTS (SELECT 1 FROM \(rows))"
        default: "EXISTS (SELECT 1 FROM \(rows) AND \(try condition(on: column, dialect)))"
        }
    }
}

extension Operator {
    /// The operator in SQL, if it is the same for all types.
    fileprivate var sign: SQL? {
        switch self {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        default: nil
        }
    }
}

extension Literal {
    /// The literal as a bound value; `nil` for a list or no literal.
    fileprivate var value: SQLValue? {
        switch self {
        case .string(let text): text.sqlValue
        case .integer(let integer): integer.sqlValue
        case .number(let number): number.sqlValue
        case .list, .none: nil
        }
    }
}
