internal import JSON

/// The limits on filters and order-by clauses. Lengths are checked before parsing, so that a rejection costs nothing.
package enum FilterLimits {
    /// The maximum length of a filter or an order-by clause in bytes. A list of 3,000 run IDs has a tenth of it.
    package static let bytes = 1 << 20
    /// The maximum number of comparisons in a filter. Each becomes a condition of the SQL query.
    package static let comparisons = 2_000
    /// The maximum number of sort keys.
    package static let orderKeys = 100

    static func check(_ text: String, _ name: String) throws(FilterError) {
        guard text.utf8.count <= bytes else { throw FilterError("The \(name) is longer than \(bytes) bytes.") }
    }
}
