internal import Glibc
internal import SafeText
package import WireProtocol

/// Reports the progress of a one-off task, such as an import or garbage collection, as JSON lines.
///
///     {"event":"progress","table":"runs","done":250,"total":1000}
///     {"event":"message","message":"Not imported: traces (3)"}
///     {"event":"done","freed":{"runs":12}}
package struct TaskEventWriter: Sendable {
    private let writeLine: @Sendable (String) -> Void

    /// - Parameter writeLine: called with each line, without the line break.
    package init(writeLine: @escaping @Sendable (String) -> Void) {
        self.writeLine = writeLine
    }

    /// Writes to stdout and flushes after each line.
    package static let standardOutput = TaskEventWriter { line in
        print(line.escapingControls())
        fflush(nil)
    }

    /// Reports the progress of a table, in rows.
    package func progress(table: String, done: Int, total: Int) {
        writeLine(
            Self.object([
                ("event", .string("progress")), ("table", .string(table)), ("done", .integer(Int64(done))),
                ("total", .integer(Int64(total))),
            ]).jsonString)
    }

    /// Tells the user something.
    package func message(_ text: String) {
        writeLine(Self.object([("event", .string("message")), ("message", .string(text))]).jsonString)
    }

    /// Reports the result as an object under `name`.
    package func done(_ name: String, _ members: [(name: String, value: JSONValue)]) {
        writeLine(Self.object([("event", .string("done")), (name, Self.object(members))]).jsonString)
    }

    private static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { .init(name: $0.name, value: $0.value) }))
    }
}
