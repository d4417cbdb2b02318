internal import WireProtocol

/// Tells how an import goes, as lines of JSON that a program can read.
package struct ImportEvents: Sendable {
    private let writeLine: @Sendable (String) -> Void

    /// - Parameter writeLine: gets each line, without a line break.
    package init(writeLine: @escaping @Sendable (String) -> Void) {
        self.writeLine = writeLine
    }

    func progress(table: String, done: Int, total: Int) {
        writeLine(
            Self.line([
                ("event", .string("progress")), ("table", .string(table)), ("done", .integer(Int64(done))),
                ("total", .integer(Int64(total))),
            ]))
    }

    func done(_ counts: ImportCounts) {
        let tables = counts.tables.map { table in
            (
                table.name,
                Self.object([("source", .integer(Int64(table.source))), ("here", .integer(Int64(table.here)))])
            )
        }
        writeLine(Self.line([("event", .string("done")), ("counts", Self.object(tables))]))
    }

    private static func line(_ members: [(String, JSONValue)]) -> String { object(members).jsonText }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { .init(name: $0.0, value: $0.1) }))
    }
}

/// How many rows of each table there are in the source, and how many of them have arrived.
package struct ImportCounts: Sendable {
    package struct Table: Sendable, Equatable {
        package var name: String
        package var source: Int
        package var here: Int

        package init(name: String, source: Int, here: Int) {
            self.name = name
            self.source = source
            self.here = here
        }
    }

    package var tables: [Table] = []

    /// The tables of which something is missing.
    package var incomplete: [Table] { tables.filter { $0.source != $0.here } }
}

/// An import after which something is missing.
package struct IncompleteImport: Error, CustomStringConvertible {
    package var description: String

    /// `nil` when nothing is missing.
    package init?(_ counts: ImportCounts) {
        guard !counts.incomplete.isEmpty else { return nil }
        let missing = counts.incomplete.map { "\($0.here) of \($0.source) rows of \($0.name)" }.joined(separator: ", ")
        description = "the import is incomplete: it has \(missing)"
    }
}
