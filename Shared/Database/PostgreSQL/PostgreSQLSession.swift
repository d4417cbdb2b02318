internal import CLibPQ
internal import Database
internal import Foundation

/// One connection to the server as a thread uses it: opens it when needed, runs transactions on it, and drops it when it
/// breaks.
final class PostgreSQLSession {
    enum Mode {
        /// One statement, which is a transaction by itself.
        case statement
        case read
        case write
    }

    private static let attempts = 5

    private let uri: String
    private let statementTimeout: Duration?
    private var pipeline: PostgreSQLPipeline?

    init(uri: String, statementTimeout: Duration?) {
        self.uri = uri
        self.statementTimeout = statementTimeout
    }

    /// Runs `body` as one transaction, again when the server gave it up for a conflict, or lost the connection before the
    /// commit was sent: then nothing of it has happened.
    func transaction<Result>(_ mode: Mode, _ body: (any Connection) throws -> Result) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try attemptTransaction(mode, body)
            } catch let failure as Retry where attempt < Self.attempts {
                attempt += 1
                // Two transactions that met in a deadlock shouldn't meet again: wait 1 to 16 ms, by chance.
                if failure.error.kind == .conflict { usleep(UInt32.random(in: 1000...16000)) }
            } catch let failure as Retry {
                throw failure.error.kind == .conflict
                    ? DatabaseError(.unavailable, failure.error.message) : failure.error
            }
        }
    }

    func close() {
        pipeline?.close()
        pipeline = nil
    }

    /// A failure after which the transaction may be run again from the start.
    private struct Retry: Error {
        var error: DatabaseError
    }

    private func attemptTransaction<Result>(_ mode: Mode, _ body: (any Connection) throws -> Result) throws -> Result {
        let isFresh = pipeline == nil
        let pipeline = try connected()
        do {
            switch mode {
            case .statement: pipeline.beginStatement()
            case .read: pipeline.beginWithNextStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            case .write: pipeline.beginWithNextStatement("BEGIN ISOLATION LEVEL READ COMMITTED")
            }
            let result = try body(pipeline)
            if mode == .write {
                try commit(pipeline)
            } else {
                pipeline.endRead()
            }
            return result
        } catch let error as DatabaseError {
            pipeline.rollBack()
            if pipeline.isBroken {
                close()
                // A fresh connection that broke at once says that the server is in trouble: no use trying on.
                if !isFresh, error.kind == .unavailable, !pipeline.commitWasSent { throw Retry(error: error) }
            }
            if error.kind == .conflict { throw Retry(error: error) }
            throw error
        } catch {
            pipeline.rollBack()
            if pipeline.isBroken { close() }
            throw error
        }
    }

    private func commit(_ pipeline: PostgreSQLPipeline) throws {
        guard pipeline.hasBegun else { return pipeline.forgetBegin() }
        try pipeline.commit()
    }

    private func connected() throws -> PostgreSQLPipeline {
        if let pipeline, !pipeline.isBroken { return pipeline }
        close()
        let opened = try PostgreSQLPipeline(uri: uri, statementTimeout: statementTimeout)
        pipeline = opened
        return opened
    }
}
