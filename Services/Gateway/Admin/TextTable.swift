internal import SafeText

/// A table for a terminal, with columns as wide as their widest cells.
struct TextTable {
    private var rows: [[String]]
    /// The indices of columns with numbers, which are right-aligned.
    var numeric: Set<Int> = []

    init(_ header: [String]) {
        rows = [header]
    }

    /// Adds a row. Control characters are escaped, since cells may have untrusted text such as the names of keys.
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
