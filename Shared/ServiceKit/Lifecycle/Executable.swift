package import ArgumentParser
internal import Foundation
internal import SafeText

/// The entry point of every executable: parses the flags, runs the command, and reports an error on stderr and as the exit code.
package enum Executable {
    /// The exit code for an invalid flag, file or address.
    package static let misconfigured: Int32 = 2

    /// Runs a command. The exit code is 0 for success, 2 for an invalid flag, file or address, and 1 for other errors.
    package static func run<Command: AsyncParsableCommand>(_ type: Command.Type) async {
        // Files that a service creates are readable only by their owner.
        umask(0o077)
        do {
            var command = try type.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            // The command has already reported the reason.
            exit(code.rawValue)
        } catch let error as ConfigurationError {
            fail("error: \(error.description)", code: misconfigured)
        } catch let error as any ConfigurationErrorConvertible {
            fail("error: \(error.configurationError.description)", code: misconfigured)
        } catch {
            let code = type.exitCode(for: error)
            if code == .success {
                // For --help and --version
                print(type.message(for: error))
                exit(0)
            }
            fail(
                type.message(for: error).isEmpty ? "error: \(error)" : "error: \(type.message(for: error))",
                code: code == .validationFailure ? misconfigured : 1)
        }
    }

    /// The directory of this process's executable.
    package static var directory: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }

    /// - Parameter message: may have several lines.
    private static func fail(_ message: String, code: Int32) -> Never {
        StandardError.writeLine(Redaction.standard.redacted(message).escapingControls(keepsLineBreaks: true))
        exit(code)
    }
}
