package import Primitives

/// A value bound to a statement. Booleans are stored as 0 and 1, times as milliseconds since 1970, JSON as text.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Values of one type; only PostgreSQL accepts them.
    case array(SQLColumn)
}

/// A type whose values can be interpolated into `SQL`.
package protocol SQLConvertible {
    var sqlValue: SQLValue { get }
}

extension Int64: SQLConvertible {
    package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLConvertible {
    package var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension Double: SQLConvertible {
    package var sqlValue: SQLValue { .double(self) }
}

extension String: SQLConvertible {
    package var sqlValue: SQLValue { .text(self) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension IntegerQuantity {
    package var sqlValue: SQLValue { .integer(rawValue) }
}

extension UnixMilliseconds: SQLConvertible {}
extension UnixNanoseconds: SQLConvertible {}
extension NanoDollars: SQLConvertible {}
extension Microseconds: SQLConvertible {}
