/// What a driver reports, in terms that a store can act on. `message` is for the log only: it may hold SQL.
package struct DatabaseError: Error, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// A primary or unique key is there already.
        case uniqueViolation
        /// A row that is referred to is missing, or one that is still referred to was to be deleted.
        case foreignKeyViolation
        /// The engine gave up a transaction that may succeed when it is tried again.
        case conflict
        /// The database can't be reached, is locked, read-only, full or gone; it may come back.
        case unavailable
        /// A value is too long for an index, or a statement has too many values: the engine's limits.
        case tooLarge
        /// A schema newer than this program.
        case newerSchema
        /// Anything else: a mistake in a statement, a damaged file.
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
