internal import CProcess
internal import Foundation

/// The pipes for a child's stdout and stderr. Used only by the child's thread.
struct ChildOutput {
    private let output: ChildPipe
    private let error: ChildPipe

    /// - Throws: `SpawnError` when the process has too many open files.
    init(for program: Program) throws(SpawnError) {
        guard let output = ChildPipe(), let error = ChildPipe() else { throw SpawnError(path: program.path, code: errno) }
        self.output = output
        self.error = error
    }

    /// Starts the program with the pipes as its stdout and stderr, and returns its process ID.
    func start(_ program: Program) throws(SpawnError) -> Int32 {
        let environment = ProcessInfo.processInfo.environment.merging(program.environment) { _, own in own }
        var pid: Int32 = -1
        // ETXTBSY: a file that was just written may still be open briefly in a child that another thread has forked.
        for attempt in 0..<20 {
            if attempt > 0 { usleep(5000) }
            pid = withCStrings([program.path] + program.arguments) { arguments in
                withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                    unladen_spawn(program.path, arguments, variables, output.writeEnd.number, error.writeEnd.number)
                }
            }
            guard pid <= 0, errno == ETXTBSY else { break }
        }
        guard pid > 0 else { throw SpawnError(path: program.path, code: errno) }
        // Close our copies of the child's ends: otherwise its outputs would never reach the end.
        output.writeEnd.close()
        error.writeEnd.close()
        return pid
    }

    /// Passes on the lines that the child prints until it exits, even if its descendants keep the outputs open.
    func read(of pid: Int32, onLine: ChildProcess.LineHandler) {
        let process = PipeEnd(number: unladen_pidfd(pid))
        defer { process.close() }
        var splitters = (output: LineSplitter(), error: LineSplitter())
        var files = [output.readEnd, error.readEnd, process].map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        // Without a pidfd (kernels before 5.3), the end of both outputs counts as the end of the process.
        while files[2].revents == 0, files.contains(where: { $0.fd >= 0 }) {
            guard poll(&files, nfds_t(files.count), -1) >= 0 || errno == EINTR else { break }
            // Once the process has exited, its last output is still in the pipes and is read here.
            output.readEnd.read(into: &splitters.output) { onLine(.standardOutput, $0) }
            error.readEnd.read(into: &splitters.error) { onLine(.standardError, $0) }
            files[0].fd = output.readEnd.number
            files[1].fd = error.readEnd.number
        }
        if let line = splitters.output.end() { onLine(.standardOutput, line) }
        if let line = splitters.error.end() { onLine(.standardError, line) }
    }
}

/// Both ends of a pipe.
private struct ChildPipe {
    let readEnd: PipeEnd
    let writeEnd: PipeEnd

    /// Returns `nil` and sets `errno` when the pipe can't be created.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unladen_pipe(&ends) == 0 else { return nil }
        readEnd = PipeEnd(number: ends[0])
        writeEnd = PipeEnd(number: ends[1])
    }
}

/// A file descriptor that is closed with its last reference, if not before.
private final class PipeEnd {
    /// The capacity of a pipe on Linux in bytes (pipe(7)).
    private static let capacity = 64 * 1024

    /// The file descriptor; -1 once it is closed.
    private(set) var number: Int32

    init(number: Int32) {
        self.number = number
    }

    deinit {
        close()
    }

    func close() {
        if number >= 0 { Foundation.close(number) }
        number = -1
    }

    /// Reads the available bytes once, and closes the pipe at its end.
    func read(into splitter: inout LineSplitter, _ onLine: (String) -> Void) {
        guard number >= 0 else { return }
        let lines: [String]? = withUnsafeTemporaryAllocation(byteCount: Self.capacity, alignment: 1) { buffer in
            let count = Foundation.read(number, buffer.baseAddress, buffer.count)
            if count > 0 { return splitter.lines(adding: buffer[..<count]) }
            return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
        }
        guard let lines else { return close() }
        lines.forEach(onLine)
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
