internal import Foundation
internal import SafeText
package import ServiceKit
internal import WireProtocol

/// Where the log lines of all services come together: stderr, each line with the name of its service in front.
///
/// Control characters are escaped: services escape their own log lines, but a crash may print anything.
/// As JSON, lines are objects that name their service already, and stay as they are; what isn't JSON becomes such an object.
package struct Console: Sendable {
    private static let colours = [36, 35, 33, 32, 34]

    private let prefixes: [String: String]
    private let format: LogFormat
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - names: who will write, in the order in which colours are given.
    ///   - write: puts out a line as a whole, so that the lines of several threads don't mix.
    package init(
        names: [String], format: LogFormat, isColoured: Bool,
        write: @escaping @Sendable (String) -> Void = StandardError.writeLine
    ) {
        let width = names.map(\.count).max() ?? 0
        var prefixes: [String: String] = [:]
        for (index, name) in names.enumerated() {
            let text = name.padding(toLength: width, withPad: " ", startingAt: 0) + " │ "
            let colour = Self.colours[index % Self.colours.count]
            prefixes[name] = isColoured ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text
        }
        self.prefixes = prefixes
        self.format = format
        self.write = write
    }

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
