internal import WireProtocol

/// An event that a one-off task of a service prints to stdout, as one JSON object per line.
///
///     {"event":"progress","table":"runs","done":250,"total":1000}
///     {"event":"message","message":"Not imported: traces (3)"}
///     {"event":"done","counts":{"runs":{"source":1000,"here":1000}}}
///     {"event":"done","freed":{"runs":12,"artifact_bytes":52428800}}
package enum TaskEvent: Sendable, Equatable {
    case progress(table: String, done: Int64, total: Int64)
    case message(String)
    case done(TaskResult)

    /// Parses a line. Returns `nil` if it isn't an event, or is an unknown event of a newer service.
    package init?(line: String) {
        guard let json = try? JSONValue(parsing: line), let event = json["event"]?.stringValue else { return nil }
        switch event {
        case "progress":
            guard let table = json["table"]?.stringValue, let done = json["done"]?.integerValue,
                let total = json["total"]?.integerValue
            else { return nil }
            self = .progress(table: table, done: done, total: total)
        case "message":
            guard let text = json["message"]?.stringValue else { return nil }
            self = .message(text)
        case "done":
            self = .done(TaskResult(json))
        default:
            return nil
        }
    }
}

/// The result of a task, in the order in which it was reported.
package struct TaskResult: Sendable, Equatable {
    /// The number of rows of a table in the source, and how many of them were imported.
    package struct Count: Sendable, Equatable {
        package var table: String
        package var source: Int64
        package var imported: Int64
    }

    /// The amount of one kind that was permanently removed.
    package struct Freed: Sendable, Equatable {
        package var kind: String
        package var amount: Int64
    }

    package var counts: [Count] = []
    package var freed: [Freed] = []
    /// Whether everything was imported or removed. Otherwise the task has reported the failures on stderr.
    package var isComplete = true

    package init() {}

    init(_ json: JSONValue) {
        counts = (json["counts"]?.objectValue?.members ?? []).compactMap { member in
            guard let source = member.value["source"]?.integerValue, let imported = member.value["here"]?.integerValue else {
                return nil
            }
            return Count(table: member.name, source: source, imported: imported)
        }
        freed = (json["freed"]?.objectValue?.members ?? []).compactMap { member in
            member.value.integerValue.map { Freed(kind: member.name, amount: $0) }
        }
    }

    /// Appends the result of another task.
    package mutating func append(_ other: TaskResult) {
        counts += other.counts
        freed += other.freed
        isComplete = isComplete && other.isComplete
    }
}
