package import JSON

/// One clause of a filter: `key` of `entity` compared with `literal`. The clauses of a filter are joined by AND.
package struct Comparison: Hashable, Sendable {
    package var entity: Entity
    /// The canonical key: an alias such as `created` is already replaced (`start_time`), quotes are removed.
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

/// What a key belongs to. Which of them a search knows is up to its ``Grammar``.
package enum Entity: String, Hashable, Sendable {
    case attribute, metric, parameter, tag
    /// A dataset that is an input of a run.
    case dataset
    /// Request metadata of a trace.
    case metadata = "request_metadata"
    /// A span of a trace.
    case span
    case feedback, expectation, issue
}

/// How a key is compared. The raw value is its spelling in a filter.
package enum Operator: String, Hashable, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    /// Matches a pattern with `%` and `_`, minding case.
    case like = "LIKE"
    /// Matches a pattern with `%` and `_` whatever the case.
    case ilike = "ILIKE"
    /// Matches a regular expression; traces only.
    case rlike = "RLIKE"
    case `in` = "IN"
    case notIn = "NOT IN"
    case isNull = "IS NULL"
    case isNotNull = "IS NOT NULL"
}

/// What a key is compared with. The operator tells what can come: a list with `IN` and `NOT IN` only, nothing with
/// `IS NULL` and `IS NOT NULL` only.
package enum Literal: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    /// Never NaN; may be infinite (`1e999`).
    case number(Double)
    /// At least one string.
    case list([String])
    case none
}

/// One key that results are sorted by.
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

/// Why a filter or an order-by clause is refused. To the client this is INVALID_PARAMETER_VALUE, status 400.
package struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Written for the client; the same text as MLflow's, but for long quotations, which are cut.
    package let message: String

    package init(_ message: ErrorMessage) { self.message = message.text }

    package var description: String { message }
}
