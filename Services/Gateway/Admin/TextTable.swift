internal import SafeText

/// A table for a terminal: columns as wide as their widest cell.
struct TextTable {
    private var rows: [[String]]
    /// Columns that hold numbers, which stand to the right.
    var numeric: Set<Int> = []

    init(_ header: [String]) {
        rows = [header]
    }

    /// Adds a row. Cells may hold text from outside, such as the name of a key, so control characters are escaped.
    mutating func add(_ row: [String]) { rows.append(row.map { $0.escapingControls() }) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row.indices, row).map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return numeric.contains(column) ? space + cell : cell + space
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
