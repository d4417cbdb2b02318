internal import Foundation
package import ProcessKit
internal import ServiceKit
internal import Synchronization

/// A one-off subcommand of a service's executable, such as an import.
package struct ServiceTask: Sendable {
    /// The service's name.
    package var service: String
    /// The program with its arguments and environment.
    package var program: Program

    /// - Parameters:
    ///   - service: the service's name, as in ``ServiceDefinition``.
    ///   - arguments: the subcommand and its flags.
    ///   - stores: the location of its database, which isn't passed as a flag: it may contain a password, and all users can read the
    ///     flags of a process.
    ///   - environment: additional environment variables, for settings that must not be flags.
    package init(
        service: String, arguments: [String], stores: StoreLocations, binaryDirectory: String, environment: [String: String] = [:]
    ) {
        self.service = service
        program = Program(
            path: "\(binaryDirectory)/unladen-\(service)", arguments: arguments,
            environment: environment.merging(["UNLADEN_BACKEND_STORE_URI": stores.backendStoreURI(of: service)]) { $1 })
    }

    /// Replaces this process with the task's program, which inherits the terminal and determines the exit code.
    ///
    /// - Throws: `ConfigurationError` when the program can't be started.
    package func exec() throws -> Never {
        for (name, value) in program.environment { setenv(name, value, 1) }
        var arguments = ([program.path] + program.arguments).map { strdup($0) }
        arguments.append(nil)
        execv(program.path, arguments)
        throw ConfigurationError("Can't start \(program.path): \(String(cString: strerror(errno))).")
    }

    /// Runs tasks one after the other and combines their results. Stops at the first failure.
    ///
    /// The first Ctrl-C or SIGTERM terminates the running task; the second one kills it.
    ///
    /// - Throws: ``TaskFailure``, ``SpawnError``, `ConfigurationError`.
    package static func run(_ tasks: [ServiceTask], reporter: any TaskReporter) async throws -> TaskResult {
        try await ShutdownRequests.whileListening { shutdown in
            var result = TaskResult()
            for task in tasks { result.append(try await task.run(reporter: reporter, shutdown: shutdown)) }
            return result
        }
    }

    func run(reporter: any TaskReporter, shutdown: ShutdownRequests) async throws -> TaskResult {
        let result = Mutex<TaskResult?>(nil)
        let process = try await ChildProcess.start(program) { output, line in
            switch output == .standardOutput ? TaskEvent(line: line) : nil {
            case .progress(let table, let done, let total)?:
                reporter.progress(of: service, table: table, done: done, total: total)
            case .message(let text)?:
                reporter.line(text, of: service)
            case .done(let counts)?:
                result.withLock { $0 = counts }
            case nil:
                reporter.line(line, of: service)
            }
        }
        let end = await withTaskGroup { group in
            group.addTask {
                await shutdown.graceful.wait()
                if !Task.isCancelled { process.terminate() }
            }
            group.addTask {
                await shutdown.forced.wait()
                if !Task.isCancelled { process.kill() }
            }
            defer { group.cancelAll() }
            return await process.exit()
        }
        reporter.ended()
        if end == .exited(Executable.misconfigured) {
            throw ConfigurationError("unladen-\(service) stopped because of the error above.")
        }
        let reported = result.withLock { $0 }
        switch (end, reported) {
        case (.exited(0), let result?): return result
        case (.exited(1), var result?):
            result.isComplete = false
            return result
        case (.exited(0), nil): throw TaskFailure(service: service, end: nil)
        default: throw TaskFailure(service: service, end: end)
        }
    }
}

/// The failure of a task, which has reported the reason on stderr.
package struct TaskFailure: Error, CustomStringConvertible {
    /// The service's name.
    package var service: String
    /// How the process ended; `nil` when it exited with 0 but reported no result.
    package var end: ProcessExitStatus?

    package var description: String {
        "unladen-\(service) \(end.map { "\($0)" } ?? "exited without reporting a result")."
    }
}
