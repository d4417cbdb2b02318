internal import ServiceKit
internal import Synchronization

/// A sub-command of a service's executable that does one thing and ends, such as an import.
package struct ServiceTask: Sendable {
    package var service: String
    package var program: Program

    /// - Parameters:
    ///   - service: the service's name, as in ``ServiceEntry``.
    ///   - arguments: the sub-command and its flags.
    package init(service: String, arguments: [String], programFolder: String) {
        self.service = service
        program = Program(path: "\(programFolder)/unladen-\(service)", arguments: arguments)
    }

    /// Runs tasks one after the other and adds up their results; none is begun after one has failed.
    ///
    /// On Ctrl-C or SIGTERM, the one that runs is asked to stop; on the second, it is killed.
    ///
    /// - Throws: ``TaskFailure``, ``StartError``, `ConfigurationError`.
    package static func run(_ tasks: [ServiceTask], reporter: any TaskReporter) async throws -> TaskResult {
        try await StopRequests.whileListening { stops in
            var result = TaskResult()
            for task in tasks { result.append(try await task.run(reporter: reporter, stops: stops)) }
            return result
        }
    }

    func run(reporter: any TaskReporter, stops: StopRequests) async throws -> TaskResult {
        let result = Mutex<TaskResult?>(nil)
        let process = try await ChildProcess.start(program) { output, line in
            switch output == .standardOutput ? TaskEvent(line: line) : nil {
            case .progress(let table, let done, let total)?:
                reporter.progress(of: service, table: table, done: done, total: total)
            case .done(let counts)?:
                result.withLock { $0 = counts }
            case nil:
                reporter.line(line, of: service)
            }
        }
        let end = await withTaskGroup { group in
            group.addTask {
                await stops.asked.wait()
                if !Task.isCancelled { process.terminate() }
            }
            group.addTask {
                await stops.insisted.wait()
                if !Task.isCancelled { process.kill() }
            }
            defer { group.cancelAll() }
            return await process.exit()
        }
        reporter.ended()
        if end == .exited(ProcessEnd.misconfigured) {
            throw ConfigurationError("unladen-\(service) refuses its flags, files or addresses")
        }
        guard end == .exited(0) else { throw TaskFailure(service: service, end: end) }
        guard let result = result.withLock({ $0 }) else { throw TaskFailure(service: service, end: nil) }
        return result
    }
}

/// A task that didn't do what it was to do; it has said why on stderr.
package struct TaskFailure: Error, CustomStringConvertible {
    package var service: String
    /// How it ended, `nil` when it ended well but gave no result.
    package var end: ProcessEnd?

    package var description: String {
        "unladen-\(service) \(end.map { "\($0)" } ?? "ended without telling what it has done")"
    }
}
