internal import JSON

/// How large a filter and an order may be. They are checked before anything is read, so a refusal costs nothing.
package enum FilterLimits {
    /// Bytes of a filter, or of one order-by clause. A list of 3,000 run ids has a tenth of that.
    package static let bytes = 1 << 20
    /// Comparisons in a filter; each becomes a condition of the database's query.
    package static let comparisons = 2_000
    /// Keys that results are sorted by.
    package static let orderKeys = 100

    static func check(_ text: String, _ name: String) throws(FilterError) {
        guard text.utf8.count <= bytes else { throw FilterError("The \(name) is longer than \(bytes) bytes.") }
    }
}
