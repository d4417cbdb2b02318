package import ServiceKit
internal import WireProtocol

/// The number of rows of each table in the source, and how many of them were imported.
package struct ImportCounts: Sendable {
    /// The counts of one table.
    package struct Table: Sendable, Equatable {
        package var name: String
        package var source: Int
        package var imported: Int

        package init(name: String, source: Int, imported: Int) {
            self.name = name
            self.source = source
            self.imported = imported
        }
    }

    package var tables: [Table] = []

    package init() {}

    /// The tables with missing rows.
    package var incomplete: [Table] { tables.filter { $0.source != $0.imported } }

    /// Reports the counts as the result of a task.
    package func report(to events: TaskEventWriter) {
        events.done(
            "counts",
            tables.map { table in
                let counts = [("source", table.source), ("here", table.imported)].map { name, count in
                    JSONObject.Member(name: name, value: .integer(Int64(count)))
                }
                return (table.name, .object(JSONObject(counts)))
            })
    }
}

/// The error for an import after which rows are missing.
package struct IncompleteImport: Error, CustomStringConvertible {
    package var description: String

    /// Returns `nil` when no rows are missing.
    package init?(_ counts: ImportCounts) {
        guard !counts.incomplete.isEmpty else { return nil }
        let missing = counts.incomplete.map { "\($0.imported) of \($0.source) rows of \($0.name)" }.joined(separator: ", ")
        description = "The import is incomplete; it has \(missing)."
    }
}
