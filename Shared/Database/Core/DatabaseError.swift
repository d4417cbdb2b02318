/// A driver's error, in terms that a store can act on. `message` is for the log only, because it may contain SQL.
package struct DatabaseError: Error, CustomStringConvertible {
    /// The cause of a database error.
    package enum Kind: Sendable, Equatable {
        /// A primary or unique key already exists.
        case uniqueViolation
        /// A referenced row is missing, or a row to be deleted is still referenced.
        case foreignKeyViolation
        /// The engine aborted a transaction that may succeed when it is retried.
        case conflict
        /// The database is unreachable, locked, read-only, full or missing; it may recover.
        case unavailable
        /// A value or a statement exceeds one of the engine's limits: a value too long for an index, too many values in a statement.
        case tooLarge
        /// The schema is newer than this program.
        case newerSchema
        /// Any other error, such as a mistake in a statement or a damaged file.
        case failure
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { "\(kind): \(message)" }
}
