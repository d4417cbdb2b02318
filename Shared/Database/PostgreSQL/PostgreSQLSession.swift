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
    private var connection: PostgreSQLConnection?

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
        connection?.close()
        connection = nil
    }

    /// A failure after which the transaction may be run again from the start.
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
                // A fresh connection that broke at once says that the server is in trouble: no use trying on.
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
