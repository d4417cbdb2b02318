package import Database

extension Database {
    /// Reads what becomes a response, within the memory that the current task's request may reserve: however much is stored, a response
    /// can't take more.
    ///
    /// - Throws: as `RequestMemory.reserve`, when too much is read.
    package func readResponse<Result: Sendable>(
        _ kind: ReadKind = .scan, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        guard let memory = RequestMemory.current else { return try await read(kind, body) }
        return try await read(kind) { connection in
            try body(MeteredConnection(connection) { count in
                // A long value is in the database's own memory, too.
                try memory.reserve((count > longValue ? responseCopies + 1 : responseCopies) * count)
            })
        }
    }
}

/// How often a value is in memory while it becomes part of a response: as itself, in the JSON, and in the buffer that is sent.
package let responseCopies = 3

/// Bytes from which a report must be of one value: others are reported when they are 64 KiB.
private let longValue = 1 << 20
