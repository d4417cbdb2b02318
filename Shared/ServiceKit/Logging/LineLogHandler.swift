package import Logging
internal import Primitives
internal import SafeText
internal import WireProtocol

extension Logger {
    /// Creates a logger that writes lines in the given format, by default to stderr. stdout is reserved for the line with the listening
    /// address.
    package init(
        service: String, level: Logger.Level, format: LogFormat,
        write: @escaping @Sendable (String) -> Void = StandardError.writeLine
    ) {
        self.init(label: service) { label in
            switch format {
            case .text: LineLogHandler(label: label, logLevel: level, format: LogLine.text, write: write)
            case .json: LineLogHandler(label: label, logLevel: level, format: LogLine.json, write: write)
            }
        }
    }
}

/// Writes each event as one line.
private struct LineLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    let format: @Sendable (LogLine) -> String
    let write: @Sendable (String) -> Void
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let line = LogLine(
            time: .now, level: event.level, label: label, message: event.message.description,
            fields: fields.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 })
        write(format(line))
    }
}

/// A log event and its two formats. Both produce a single line, in which no value can forge another line, control a terminal or reveal a
/// secret.
private struct LogLine {
    /// The maximum size of a message or a field's value, in bytes.
    private static let fieldLimit = 500
    private static let redaction: Redaction = {
        var redaction = Redaction.standard
        redaction.maxTextBytes = fieldLimit
        return redaction
    }()

    var time: UnixMilliseconds
    var level: Logger.Level
    var label: String
    var message: String
    var fields: [(name: String, value: String)]

    private var timestamp: String { ISO8601.text(time, fraction: .milliseconds) }

    init(time: UnixMilliseconds, level: Logger.Level, label: String, message: String, fields: [(name: String, value: String)]) {
        self.time = time
        self.level = level
        self.label = label
        self.message = Self.redaction.redacted(message)
        self.fields = fields.map { ($0.name, Self.redaction.redacted($0.value)) }
    }

    @Sendable static func text(_ line: LogLine) -> String {
        let fields = line.fields.map { " \($0.name)=\($0.value)" }.joined()
        return "\(line.timestamp) \(line.level.rawValue.uppercased()) \(line.label): \(line.message)\(fields)".escapingControls()
    }

    @Sendable static func json(_ line: LogLine) -> String {
        var object = JSONObject([
            .init(name: "time", value: .string(line.timestamp)),
            .init(name: "level", value: .string(line.level.rawValue)),
            .init(name: "service", value: .string(line.label)),
            .init(name: "message", value: .string(line.message)),
        ])
        for field in line.fields { object.members.append(.init(name: field.name, value: .string(field.value))) }
        return JSONValue.object(object).jsonString.escapingControls()
    }
}
