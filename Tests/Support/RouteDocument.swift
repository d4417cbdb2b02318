internal import Foundation
internal import HTTPTypes
internal import Hummingbird
package import ServiceKit
internal import Synchronization

/// `docs/routes.md`, which has a section with a table of the routes of each service.
package enum RouteDocument {
    /// Compares a section with the routes that `register` adds. With UNLADEN_WRITE_ROUTES in the environment, writes the section instead.
    ///
    /// - Parameter section: the heading.
    /// - Throws: `OutdatedRoutes` if they differ.
    package static func check(_ section: String, _ register: (APIRoutes) -> Void) throws {
        let routes = APIRoutes(router: Router(context: ServiceRequestContext.self))
        register(routes)
        let table = RouteTable(routes.all).lines
        // Tests of several services run concurrently.
        try lock.withLock { _ in
            var document = try RouteSections(String(contentsOf: file, encoding: .utf8))
            guard document[section] != table else { return }
            guard ProcessInfo.processInfo.environment["UNLADEN_WRITE_ROUTES"] != nil else {
                throw OutdatedRoutes(section: section, documented: document[section], registered: table)
            }
            document[section] = table
            try document.text.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private static let lock = Mutex(())

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/routes.md")
}

/// The document doesn't list the routes that a service has registered.
struct OutdatedRoutes: Error, CustomStringConvertible {
    let section: String
    let documented: [String]
    let registered: [String]

    var description: String {
        let difference = registered.difference(from: documented).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        return """
            Section '\(section)' of docs/routes.md differs from the registered routes. Run the tests with UNLADEN_WRITE_ROUTES=1 in the \
            environment to update the file, and review the changes:
            \(difference.joined(separator: "\n"))
            """
    }
}

/// A document's sections with headings of level 2.
private struct RouteSections {
    private let introduction: String
    private var sections: [(heading: String, lines: [String])]

    init(_ text: String) {
        let parts = text.components(separatedBy: "\n## ")
        introduction = parts[0]
        sections = parts.dropFirst().map { part in
            let lines = part.split(separator: "\n").map(String.init)
            return (lines.first ?? "", Array(lines.dropFirst()))
        }
    }

    /// The lines of a section, without empty ones; empty if the section is missing. A new section is added at the end.
    subscript(heading: String) -> [String] {
        get { sections.first { $0.heading == heading }?.lines ?? [] }
        set {
            if let index = sections.firstIndex(where: { $0.heading == heading }) {
                sections[index].lines = newValue
            } else {
                sections.append((heading, newValue))
            }
        }
    }

    var text: String {
        introduction + sections.map { "\n## \($0.heading)\n\n\($0.lines.joined(separator: "\n"))\n" }.joined()
    }
}

/// Routes as a table in Markdown, sorted by path. A route below `/api/` with a twin below `/ajax-api/` is one row.
private struct RouteTable {
    private struct Row: Hashable {
        var path: String
        var method: String
        var requirement: String
        var execution: String
    }

    private static let prefixes = ["/api/", "/ajax-api/"]

    let lines: [String]

    init(_ routes: [RegisteredRoute]) {
        var rows = Set(
            routes.map {
                Row(
                    path: $0.path, method: $0.method.rawValue, requirement: $0.requirement.description, execution: $0.execution.rawValue)
            })
        for row in rows where row.path.hasPrefix(Self.prefixes[0]) {
            var (twin, pair) = (row, row)
            let rest = row.path.dropFirst(Self.prefixes[0].count)
            twin.path = Self.prefixes[1] + rest
            pair.path = "/(ajax-)api/" + rest
            guard rows.remove(twin) != nil else { continue }
            rows.remove(row)
            rows.insert(pair)
        }
        let sorted = rows.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
        lines =
            ["| Method | Path | Requires | Runs on |", "|---|---|---|---|"]
            + sorted.map { "| \($0.method) | `\($0.path)` | \($0.requirement) | \($0.execution) |" }
    }
}
