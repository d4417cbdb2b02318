package import JSON

/// A clause of a filter: compares `key` of `entity` with `literal`. The clauses of a filter are joined by AND.
package struct Comparison: Hashable, Sendable {
    package var entity: Entity
    /// The canonical key: aliases such as `created` are replaced (`start_time`), and quotes are removed.
    package var key: String
    package var `operator`: Operator
    package var literal: Literal

    package init(_ entity: Entity, _ key: String, _ operator: Operator, _ literal: Literal) {
        self.entity = entity
        self.key = key
        self.operator = `operator`
        self.literal = literal
    }
}

/// The kind of thing that a key belongs to. A search's ``Grammar`` defines which of them it supports.
package enum Entity: String, Hashable, Sendable {
    case attribute, metric, parameter, tag
    /// An input dataset of a run.
    case dataset
    /// Request metadata of a trace.
    case metadata = "request_metadata"
    /// A span of a trace.
    case span
    case feedback, expectation, issue
}

/// A comparison operator. The raw value is its spelling in a filter.
package enum Operator: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Matches a pattern with `%` and `_`; case-sensitive.
    case like = "LIKE"
    /// Matches a pattern with `%` and `_`; case-insensitive.
    case ilike = "ILIKE"
    /// Matches a regular expression; traces only.
    case rlike = "RLIKE"
    case `in` = "IN"
    case notIn = "NOT IN"
    case isNull = "IS NULL"
    case isNotNull = "IS NOT NULL"
}

/// The value that a key is compared with. `IN` and `NOT IN` require a list, and only `IS NULL` and `IS NOT NULL` have no value.
package enum Literal: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    /// Never NaN; may be infinite (`1e999`).
    case number(Double)
    /// At least one string.
    case list([String])
    case none
}

/// A key that results are sorted by.
package struct OrderBy: Hashable, Sendable {
    package var entity: Entity
    /// The canonical key, as in ``Comparison``.
    package var key: String
    package var ascending: Bool

    package init(_ entity: Entity, _ key: String, ascending: Bool = true) {
        self.entity = entity
        self.key = key
        self.ascending = ascending
    }
}

/// An error in a filter or an order-by clause. Clients receive it as INVALID_PARAMETER_VALUE with status 400.
package struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The message for the client. It equals MLflow's, except that long quotations are truncated.
    package let message: String

    package init(_ message: ErrorMessage) { self.message = message.text }

    package var description: String { message }
}
