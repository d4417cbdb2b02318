internal import Foundation
internal import SafeText
package import ServiceKit
internal import WireProtocol

/// Writes the log lines of all services to stderr, each prefixed with the name of its service.
///
/// Control characters are escaped: services escape their own log lines, but a crash may print anything.
/// In JSON format, lines already contain the name of their service and remain unchanged; other output is wrapped in a JSON object.
package struct Console: Sendable {
    private static let colors = [36, 35, 33, 32, 34]

    private let prefixes: [String: String]
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - names: the names of the services, in the order in which colors are assigned.
    ///   - write: writes a line atomically, so that the lines of several threads don't interleave.
    package init(
        names: [String], format: LogFormat, isColored: Bool,
        write: @escaping @Sendable (String) -> Void = StandardError.writeLine
    ) {
        let width = names.map(\.count).max() ?? 0
        var prefixes: [String: String] = [:]
        for (index, name) in names.enumerated() {
            let text = name.padding(toLength: width, withPad: " ", startingAt: 0) + " │ "
            let color = Self.colors[index % Self.colors.count]
            prefixes[name] = isColored ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
        }
        self.prefixes = prefixes
        self.format = format
        self.write = write
    }

    /// Writes a line of a service.
    package func line(_ line: String, from name: String) {
        switch format {
        case .text:
            write((prefixes[name] ?? "") + line.escapingControls())
        case .json:
            let isObject = (try? JSONValue(parsing: line))?.objectValue != nil
            write((isObject ? line : Self.wrapped(line, from: name)).escapingControls())
        }
    }

    private static func wrapped(_ line: String, from name: String) -> String {
        JSONValue.object(
            JSONObject([
                .init(name: "level", value: .string("info")),
                .init(name: "service", value: .string("unladen-\(name)")),
                .init(name: "message", value: .string(line)),
            ])
        ).jsonString
    }
}
