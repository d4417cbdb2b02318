internal import Foundation
package import ProcessKit

/// A temporary directory with a test's programs, which is deleted with the last reference to it.
package final class ScratchDirectory: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "/unladen-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/bin", withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    package var binaryDirectory: String { path + "/bin" }

    package func file(_ name: String) -> String { path + "/" + name }

    package func text(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    /// Writes an executable shell script, in which `$here` is the directory.
    @discardableResult
    package func script(_ name: String, _ body: String) throws -> Program {
        let program = try program(name, "#!/bin/sh\nhere='\(path)'\n\(body)\n")
        // Run through the shell: a process that another test has just forked may still have the file open for writing (ETXTBSY).
        return Program(path: "/bin/sh", arguments: [program.path])
    }

    @discardableResult
    package func program(_ name: String, _ text: String) throws -> Program {
        let path = binaryDirectory + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return Program(path: path)
    }

    /// Creates a named pipe. A reader reaches its end when no process can write to it any more.
    package func namedPipe(_ name: String) {
        mkfifo(file(name), 0o600)
    }

    /// Waits until a process has opened the named pipe for writing, and then until none has it open. Returns the written text.
    package func readToEnd(of name: String) async -> String {
        let path = file(name)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = (try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd()) ?? Data()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}

extension Program {
    /// Runs the program until it exits.
    package func run() async throws -> (end: ProcessExitStatus?, output: [String], errors: [String]) {
        let (output, errors) = (LineRecorder(), LineRecorder())
        let process = try await ChildProcess.start(self) { stream, line in
            (stream == .standardOutput ? output : errors).add(line)
        }
        let end = await process.exit()
        return (end, output.all, errors.all)
    }
}
