internal import CLibPQ
internal import Database
internal import Foundation

/// A thread's connection to the server: opens it when needed, runs transactions on it, and drops it when it breaks.
final class PostgreSQLSession {
    enum Mode {
        /// One statement, which is its own transaction.
        case statement
        case read
        case write
    }

    private static let attempts = 5

    private let uri: String
    private let statementTimeout: Duration?
    private var connection: PostgreSQLConnection?

    init(uri: String, statementTimeout: Duration?) {
        self.uri = uri
        self.statementTimeout = statementTimeout
    }

    /// Runs `body` as one transaction. Retries it after a conflict, and after a connection was lost before the commit was sent: in both
    /// cases the transaction has had no effect.
    func transaction<Result>(_ mode: Mode, _ body: (any Connection) throws -> Result) throws -> Result {
        var attempt = 1
        while true {
            do {
                return try attemptTransaction(mode, body)
            } catch let failure as Retry where attempt < Self.attempts {
                attempt += 1
                // Wait a random 1 to 16 ms, so that two deadlocked transactions don't collide again.
                if failure.error.kind == .conflict { usleep(UInt32.random(in: 1000...16000)) }
            } catch let failure as Retry {
                throw failure.error.kind == .conflict
                    ? DatabaseError(.unavailable, failure.error.message) : failure.error
            }
        }
    }

    func close() {
        connection?.close()
        connection = nil
    }

    /// A failure after which the transaction can be retried.
    private struct Retry: Error {
        var error: DatabaseError
    }

    private func attemptTransaction<Result>(_ mode: Mode, _ body: (any Connection) throws -> Result) throws -> Result {
        let isNew = connection == nil
        let connection = try connected()
        do {
            switch mode {
            case .statement: connection.beginStatement()
            case .read: connection.beginWithNextStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            case .write: connection.beginWithNextStatement("BEGIN ISOLATION LEVEL READ COMMITTED")
            }
            let result = try body(connection)
            if mode == .write {
                try commit(connection)
            } else {
                connection.endRead()
            }
            return result
        } catch let error as DatabaseError {
            connection.rollBack()
            if connection.isBroken {
                close()
                // If a new connection breaks at once, the server is in trouble and a retry is pointless.
                if !isNew, error.kind == .unavailable, !connection.commitWasSent { throw Retry(error: error) }
            }
            if error.kind == .conflict { throw Retry(error: error) }
            throw error
        } catch {
            connection.rollBack()
            if connection.isBroken { close() }
            throw error
        }
    }

    private func commit(_ connection: PostgreSQLConnection) throws {
        guard connection.hasBegun else { return connection.cancelBegin() }
        try connection.commit()
    }

    private func connected() throws -> PostgreSQLConnection {
        if let connection, !connection.isBroken { return connection }
        close()
        let opened = try PostgreSQLConnection(uri: uri, statementTimeout: statementTimeout)
        connection = opened
        return opened
    }
}
