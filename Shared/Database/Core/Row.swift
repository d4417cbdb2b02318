package import Primitives

/// One row of a result, readable only while it is the current one. Column numbers start at 0.
///
/// A column that is NULL or of another type reads as 0 or an empty string: a row never traps.
package struct Row: ~Copyable {
    package let source: any RowSource

    package init(source: any RowSource) {
        self.source = source
    }

    /// Whether a column is NULL.
    package func isNull(_ column: Int) -> Bool { source.isNull(column) }

    /// An integer column.
    package func int(_ column: Int) -> Int64 { source.integer(column) }

    /// A Boolean column, stored as 0 or 1.
    package func bool(_ column: Int) -> Bool { source.integer(column) != 0 }

    /// A floating-point column.
    package func double(_ column: Int) -> Double { source.double(column) }

    /// A text column.
    package func text(_ column: Int) -> String {
        String(decoding: source.utf8(column), as: UTF8.self)
    }

    /// A binary column.
    package func bytes(_ column: Int) -> [UInt8] { Array(source.bytes(column)) }

    /// An integer column; `nil` if it is NULL.
    package func optionalInt(_ column: Int) -> Int64? { isNull(column) ? nil : int(column) }

    /// An integer column with a unit.
    package func quantity<Quantity: IntegerQuantity>(_ column: Int) -> Quantity { Quantity(int(column)) }

    /// An integer column with a unit; `nil` if it is NULL.
    package func optionalQuantity<Quantity: IntegerQuantity>(_ column: Int) -> Quantity? {
        isNull(column) ? nil : Quantity(int(column))
    }

    /// A floating-point column; `nil` if it is NULL.
    package func optionalDouble(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }

    /// A text column; `nil` if it is NULL.
    package func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

    /// Calls `body` with the column's text as UTF-8, valid during the call, for writers that need no `String`.
    package func withUTF8<Result>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(source.utf8(column))
    }
}

/// A driver's access to the columns of its current row.
package protocol RowSource: AnyObject {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func double(_ column: Int) -> Double
    /// The column's text as UTF-8, in memory that is valid until the next row is read.
    func utf8(_ column: Int) -> UnsafeBufferPointer<UInt8>
    /// The column's bytes, in memory that is valid until the next row is read.
    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>
    /// The size of all values of the row, in bytes.
    var size: Int { get }
}
