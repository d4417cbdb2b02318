import Logging
import ServiceKit
import Synchronization
import Testing
import WireProtocol

/// The contents of log lines, for any values.
@Suite struct LogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    /// The log line of one event.
    private func line(_ format: LogFormat, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) throws -> String {
        let lines = Lines()
        let logger = Logger(service: "test", level: .info, format: format) { line in lines.all.withLock { $0.append(line) } }
        logger.error(message, metadata: metadata)
        let all = lines.all.withLock { $0 }
        #expect(all.count == 1)
        return try #require(all.first)
    }

    private static let hostile = "a\r\n2026-01-01T00:00:00Z ERROR test: forged\0\u{1B}[2J\u{9B}31m\u{2028}\u{202E}"

    @Test(arguments: LogFormat.allCases)
    func `No value can add a line or control the terminal`(format: LogFormat) throws {
        let line = try line(format, "\(Self.hostile)", ["path": "\(Self.hostile)", "list": ["\(Self.hostile)"]])
        for scalar in line.unicodeScalars {
            #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && ![0x2028, 0x202E].contains(scalar.value))
        }
        #expect(line.contains(#"\u001b[2J"#))
    }

    @Test func `JSON lines contain the values unchanged`() throws {
        let json = try JSONValue(parsing: line(.json, "hello", ["path": "a\r\n\u{1B}\u{9B}\u{202E}\"\\ 😀"]))
        #expect(json["message"] == "hello")
        #expect(json["path"] == "a\r\n\u{1B}\u{9B}\u{202E}\"\\ 😀")
        #expect(json["level"] == "error")
    }

    @Test(arguments: LogFormat.allCases)
    func `A long value is truncated, with its length`(format: LogFormat) throws {
        let value = String(repeating: "x", count: 20 << 20)
        let line = try line(format, "\(value)", ["filter": "\(value)"])
        #expect(line.utf8.count < 1500)
        #expect(line.contains("(\(20 << 20) bytes)"))
    }

    @Test(arguments: LogFormat.allCases)
    func `Log lines contain no secrets`(format: LogFormat) throws {
        let line = try line(
            format, "Authorization: Bearer abcdefgh",
            ["cause": "can't connect to postgresql://user:hunter2@db/x", "body": #"{"api_key": "abcdef"}"#])
        for secret in ["abcdef", "hunter2"] { #expect(!line.contains(secret), "\(line)") }
        // Nor the beginning of a secret where a value is truncated.
        let cut = try self.line(format, "x", ["a": "\(String(repeating: "y", count: 490)) sk-abcdefghijklmnopqrstuvwxyz"])
        #expect(!cut.contains("sk-a"))
    }

    @Test func `A configuration error contains no password and stays on one line`() {
        let error = ConfigurationError("--backend-store-uri: 'mysql://user:hunter2@db/x'\u{1B}[2J\nok")
        #expect(error.description == #"--backend-store-uri: 'mysql://[REDACTED]@db/x'\u001b[2J\nok"#)
        #expect(ConfigurationError(lines: ["a", "b\nc"]).description == "a\nb\\nc")
    }
}
