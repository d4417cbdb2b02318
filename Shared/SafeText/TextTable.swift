/// A table for a terminal, with columns as wide as their widest cells.
package struct TextTable: Sendable, CustomStringConvertible {
    private var rows: [[String]]
    private let rightAligned: Set<Int>

    /// - Parameter rightAligned: the indices of right-aligned columns.
    package init(_ header: [String], rightAligned: Set<Int> = []) {
        rows = [header]
        self.rightAligned = rightAligned
    }

    /// Adds a row. Escapes control characters because cells may contain untrusted text, such as a key's name or a service's response.
    package mutating func add(_ row: [String]) {
        rows.append(row.map { $0.escapingControls() })
    }

    package var description: String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return rightAligned.contains(column) ? space + cell : cell + space
            }
            return Self.withoutTrailingSpace(cells.joined(separator: "  "))
        }.joined(separator: "\n")
    }

    private static func withoutTrailingSpace(_ line: String) -> Substring {
        line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]
    }
}
