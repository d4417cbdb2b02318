/// One SQL statement with its values.
///
/// Written as a string literal: every `\(x)` becomes a placeholder and a bound value, so that input can't become part of the SQL text.
/// A fragment of type `SQL` can be interpolated, too, and keeps its values bound.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The statement with `?` for each value, as SQLite expects it. It can't contain a literal question mark.
    package private(set) var text: String
    package private(set) var values: [SQLValue]

    package init(stringLiteral value: StaticString) {
        text = value.description
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    private init(text: String, values: [SQLValue]) {
        self.text = text
        self.values = values
    }

    /// Appends a fragment and its values.
    package mutating func append(_ other: SQL) {
        text += other.text
        values.append(contentsOf: other.values)
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.append(right)
        return sum
    }

    /// Converts interpolated values to placeholders.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(text: "", values: [])

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + 2 * interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { sql.text += String(decoding: $0, as: UTF8.self) }
        }

        package mutating func appendInterpolation(_ value: SQLValue) {
            sql.values.append(value)
            sql.text += "?"
        }

        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            appendInterpolation(value.sqlValue)
        }

        package mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
            appendInterpolation(value?.sqlValue ?? .null)
        }

        package mutating func appendInterpolation(_ fragment: SQL) {
            sql.append(fragment)
        }
    }
}

extension SQL {
    /// `(?, ?), (?, ?)`: the rows of a `VALUES` list, which all have the same length.
    package static func rows(_ rows: some Collection<[SQLValue]>) -> SQL {
        guard let width = rows.first?.count else { return "" }
        var values: [SQLValue] = []
        values.reserveCapacity(rows.count * width)
        for row in rows { values.append(contentsOf: row) }
        return Self.rows(values, width: width)
    }

    /// The same from the concatenated values of all rows.
    static func rows(_ values: [SQLValue], width: Int) -> SQL {
        guard width > 0, values.count >= width else { return "" }
        let row = "(" + placeholders(width) + ")"
        let count = values.count / width
        var text = row
        text.reserveCapacity(count * (row.utf8.count + 2))
        for _ in 1..<count {
            text += ", "
            text += row
        }
        return SQL(text: text, values: values)
    }

    /// Lists of this length or more aren't padded; PostgreSQL accepts at most 65,535 values in a statement.
    private static let maximumPaddedLength = 4096

    /// `?, ?, ?`: the values of an `IN` list. The last one is repeated up to a power of two, so that lists of many lengths share a few
    /// prepared statements.
    package static func list(_ values: some Collection<some SQLConvertible>) -> SQL {
        var values = values.map(\.sqlValue)
        guard let last = values.last else { return "NULL" }
        if values.count < maximumPaddedLength {
            values.append(contentsOf: repeatElement(last, count: values.count.roundedUpToPowerOfTwo - values.count))
        }
        return SQL(text: placeholders(values.count), values: values)
    }

    /// `?, ?`: columns as arrays, which only PostgreSQL supports.
    static func arrays(_ columns: [SQLColumn]) -> SQL {
        SQL(text: placeholders(columns.count), values: columns.map(SQLValue.array))
    }

    /// `column1, column2, …`: the names that `VALUES` gives its columns.
    static func columnNames(_ count: Int) -> SQL {
        SQL(text: (1...count).map { "column\($0)" }.joined(separator: ", "), values: [])
    }

    private static func placeholders(_ count: Int) -> String {
        String(repeating: "?, ", count: count - 1) + "?"
    }
}

extension Sequence where Element == SQL {
    /// The fragments, separated by `separator`.
    package func joined(separator: SQL) -> SQL {
        var joined: SQL = ""
        for (index, fragment) in enumerated() {
            if index > 0 { joined.append(separator) }
            joined.append(fragment)
        }
        return joined
    }
}
