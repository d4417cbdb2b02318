/// One column of rows that are sent to the database together. All columns of the same rows have the same length.
package enum SQLColumn: Sendable, Hashable {
    case integers([Int64])
    case doubles([Double])
    case texts([String])
    case bytes([[UInt8]])

    package var count: Int {
        switch self {
        case .integers(let values): values.count
        case .doubles(let values): values.count
        case .texts(let values): values.count
        case .bytes(let values): values.count
        }
    }

    /// Copies the column's values of some rows into `values`, which holds the rows one after another.
    fileprivate func fill(_ values: inout [SQLValue], from rows: ArraySlice<Int>, offset: Int, width: Int) {
        switch self {
        case .integers(let column): for (index, row) in rows.enumerated() { values[index * width + offset] = .integer(column[row]) }
        case .doubles(let column): for (index, row) in rows.enumerated() { values[index * width + offset] = .double(column[row]) }
        case .texts(let column): for (index, row) in rows.enumerated() { values[index * width + offset] = .text(column[row]) }
        case .bytes(let column): for (index, row) in rows.enumerated() { values[index * width + offset] = .bytes(column[row]) }
        }
    }

    fileprivate subscript(range: Range<Int>) -> SQLColumn {
        switch self {
        case .integers(let values): .integers(Array(values[range]))
        case .doubles(let values): .doubles(Array(values[range]))
        case .texts(let values): .texts(Array(values[range]))
        case .bytes(let values): .bytes(Array(values[range]))
        }
    }
}

extension Dialect {
    /// Fragments that produce the rows of these columns, in order. Each follows `INSERT INTO table (…)`, or `FROM` in parentheses,
    /// where its columns are named `column1`, `column2` and so on.
    ///
    /// PostgreSQL receives each column as one array, which is cheaper than one value per row, and one prepared statement serves any
    /// number of rows. SQLite has no arrays: there, the rows are `VALUES` lists whose lengths are powers of two.
    package func rows(_ columns: [SQLColumn]) -> [SQL] {
        guard let count = columns.first?.count, count > 0 else { return [] }
        switch self {
        case .sqlite:
            return Array(0..<count).powerOfTwoChunks().map { rows in
                var values = [SQLValue](repeating: .null, count: rows.count * columns.count)
                for (offset, column) in columns.enumerated() {
                    column.fill(&values, from: rows, offset: offset, width: columns.count)
                }
                return "VALUES \(.rows(values, width: columns.count))"
            }
        case .postgresql:
            guard count > Self.maximumArrayLength else { return [unnest(columns)] }
            return stride(from: 0, to: count, by: Self.maximumArrayLength).map { start in
                unnest(columns.map { $0[start..<min(start + Self.maximumArrayLength, count)] })
            }
        }
    }

    /// The maximum number of rows in one statement. More rows are split over several.
    private static var maximumArrayLength: Int { 8192 }

    private func unnest(_ columns: [SQLColumn]) -> SQL {
        "SELECT * FROM unnest(\(.arrays(columns))) AS rows (\(.columnNames(columns.count)))"
    }
}
