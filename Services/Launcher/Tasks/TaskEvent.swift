internal import WireProtocol

/// What a task of a service (an import, a clean-up) tells on stdout, one JSON object a line.
///
///     {"event":"progress","table":"runs","done":250,"total":1000}
///     {"event":"done","counts":{"runs":{"source":1000,"here":1000}}}
///     {"event":"done","freed":{"runs":12,"artifact_bytes":52428800}}
package enum TaskEvent: Sendable, Equatable {
    case progress(table: String, done: Int64, total: Int64)
    case done(TaskResult)

    /// Reads a line; `nil` when it is no event, or one of a newer service that we don't know.
    package init?(line: String) {
        guard let json = try? JSONValue(parsing: line), let event = json["event"]?.stringValue else { return nil }
        switch event {
        case "progress":
            guard let table = json["table"]?.stringValue, let done = json["done"]?.integerValue,
                let total = json["total"]?.integerValue
            else { return nil }
            self = .progress(table: table, done: done, total: total)
        case "done":
            self = .done(TaskResult(json))
        default:
            return nil
        }
    }
}

/// What a task has done, in the order in which it tells it.
package struct TaskResult: Sendable, Equatable {
    /// How many rows of a table there were to import, and how many are here now.
    package struct Count: Sendable, Equatable {
        package var table: String
        package var source: Int64
        package var imported: Int64
    }

    /// How much of a kind of thing was removed for good.
    package struct Freed: Sendable, Equatable {
        package var kind: String
        package var amount: Int64
    }

    package var counts: [Count] = []
    package var freed: [Freed] = []
    /// Whether nothing is missing or left; the task has said on stderr what is.
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

    package mutating func append(_ other: TaskResult) {
        counts += other.counts
        freed += other.freed
        isComplete = isComplete && other.isComplete
    }
}
