package import Database
package import SearchFilter
internal import WireProtocol

extension Comparison {
    /// The condition that `column` compares with the literal as the filter says. Column and literal must be of one type: texts
    /// or numbers.
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
                // The grammars let no such comparison through.
                throw FilterError("Invalid comparator '\(self.operator.rawValue)' for '\(key)'")
            }
            return "\(column) \(sign) \(value)"
        }
    }

    /// The condition on a metric's value, whose NaN is kept as a flag: NaN differs from every number, and is neither less nor
    /// greater.
    package func condition(onMetric value: SQL, isNaN: SQL, _ dialect: Dialect) throws -> SQL {
        let condition = try condition(on: value, dialect)
        return self.operator == .notEqual ? "(\(isNaN) = 1 OR \(condition))" : "(\(isNaN) = 0 AND \(condition))"
    }

    /// The condition that there's a row whose `column` compares as the filter says; with `IS NULL` that there's no row at all.
    ///
    /// - Parameter rows: where the row is, up to the end of a `WHERE` clause: `tags t WHERE t.run_id = r.id AND t.key_id = 7`.
    package func condition(onAnyOf rows: SQL, _ column: SQL, _ dialect: Dialect) throws -> SQL {
        switch self.operator {
        case .isNull: "NOT EXISTS (SELECT 1 FROM \(rows))"
        case .isNotNull: "EXISTS (SELECT 1 FROM \(rows))"
        default: "EXISTS (SELECT 1 FROM \(rows) AND \(try condition(on: column, dialect)))"
        }
    }
}

extension Operator {
    /// The operator in SQL, where that is the same for all values.
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
    /// The literal as a value to be bound; `nil` for a list and for none.
    fileprivate var value: SQLValue? {
        switch self {
        case .string(let text): text.sqlValue
        case .integer(let integer): integer.sqlValue
        case .number(let number): number.sqlValue
        case .list, .none: nil
        }
    }
}
