package import Database
internal import HTTPServer

extension Database {
    /// Reads rows for a response and reserves their memory for the current request, so that a response can't exceed the memory budget.
    ///
    /// - Throws: the errors of `RequestMemory.reserve` when too much is read.
    package func readResponse<Result: Sendable>(
        _ kind: ReadKind = .scan, _ body: @escaping @Sendable (any Connection) throws -> Result
    ) async throws -> Result {
        guard let memory = RequestMemory.current else { return try await read(kind, body) }
        return try await read(kind) { connection in
            try body(
                MeteredConnection(connection) { count in
                    // The database keeps its own copy of a long value.
                    try memory.reserve((count > longValue ? responseCopies + 1 : responseCopies) * count)
                })
        }
    }
}

/// The number of copies of a value in memory while a response is built: the value itself, the JSON, and the send buffer.
package let responseCopies = 3

/// The size in bytes above which a reported count must be that of a single value: smaller values are reported in batches of 64 KiB.
private let longValue = 1 << 20
