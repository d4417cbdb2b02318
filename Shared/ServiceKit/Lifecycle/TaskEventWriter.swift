internal import Glibc
internal import SafeText
package import WireProtocol

/// Tells how a task that a service does once (an import, a clean-up) gets on, as lines of JSON that a program can read.
///
///     {"event":"progress","table":"runs","done":250,"total":1000}
///     {"event":"done","freed":{"runs":12}}
package struct TaskEventWriter: Sendable {
    private let writeLine: @Sendable (String) -> Void

    /// - Parameter writeLine: gets each line, without a line break.
    package init(writeLine: @escaping @Sendable (String) -> Void) {
        self.writeLine = writeLine
    }

    /// Writes the lines to stdout, each at once.
    package static let standardOutput = TaskEventWriter { line in
        print(line.escapingControls())
        fflush(nil)
    }

    package func progress(table: String, done: Int, total: Int) {
        writeLine(
            Self.object([
                ("event", .string("progress")), ("table", .string(table)), ("done", .integer(Int64(done))),
                ("total", .integer(Int64(total))),
            ]).jsonString)
    }

    /// Tells the result, under its name.
    package func done(_ name: String, _ members: [(name: String, value: JSONValue)]) {
        writeLine(Self.object([("event", .string("done")), (name, Self.object(members))]).jsonString)
    }

    private static func object(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { .init(name: $0.name, value: $0.value) }))
    }
}
