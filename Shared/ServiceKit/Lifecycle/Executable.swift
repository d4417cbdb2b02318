package import ArgumentParser
internal import Database
internal import Foundation
internal import SafeText

/// The frame of every executable's `main`: parses the flags, runs, and turns failures into one line on stderr and an exit code.
package enum Executable {
    /// Runs a command. Exit codes: 0 done, 2 a wrong flag, file or address, 1 anything else.
    package static func run<Command: AsyncParsableCommand>(_ type: Command.Type) async {
        // Files that a service creates are readable by their owner only.
        umask(0o077)
        do {
            var command = try type.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            // The command has said why.
            exit(code.rawValue)
        } catch let error as ConfigurationError {
            fail("error: \(error.description)", code: 2)
        } catch let error as DatabaseError {
            fail("error: \(error.message.trimmingCharacters(in: .whitespacesAndNewlines).escapingControls())", code: 2)
        } catch {
            let code = type.exitCode(for: error)
            if code == .success {
                // --help and --version
                print(type.message(for: error))
                exit(0)
            }
            fail(type.message(for: error).isEmpty ? "error: \(error)" : "error: \(type.message(for: error))", code: code == .validationFailure ? 2 : 1)
        }
    }

    /// The folder of this process's executable.
    package static var folder: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }

    /// - Parameter message: can have several lines.
    private static func fail(_ message: String, code: Int32) -> Never {
        StandardError.writeLine(Redaction.standard.redacted(message).escapingControls(keepsLineBreaks: true))
        exit(code)
    }
}
