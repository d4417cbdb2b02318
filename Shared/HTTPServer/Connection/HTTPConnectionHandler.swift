internal import HTTPTypes
package import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Sets up connections and handles their requests on the event loop that reads them.
///
/// With Swift's global executor, each request would hop to another thread and its response back, and these two hops cost more than most
/// handlers. So `respond` must not block, and must leave computations of more than a millisecond to `offEventLoop`, where a service's
/// routes run by default; files and databases have their own threads.
package struct HTTPConnectionHandler: Sendable {
    /// Responds to a request of a connection. Called on the event loop.
    package typealias Respond = @Sendable (Request, ClientConnection) async throws -> Response

    /// The maximum number of bytes that the request decoder may buffer: more than any header that it accepts.
    private static let maxUnreadBytes = 256 << 10

    private let serverName: String
    private let timeouts: ConnectionTimeouts
    let registry: ConnectionRegistry
    private let memory: MemoryBudget
    private let respond: Respond

    /// - Parameters:
    ///   - serverName: the value of the header `Server`.
    ///   - memory: the memory that all requests in flight may use together.
    ///   - respond: an error that it throws becomes an empty response with status 500.
    package init(
        serverName: String, timeouts: ConnectionTimeouts, registry: ConnectionRegistry, memory: MemoryBudget, respond: @escaping Respond
    ) {
        self.serverName = serverName
        self.timeouts = timeouts
        self.registry = registry
        self.memory = memory
        self.respond = respond
    }

    func setup(channel: any Channel) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderListSize = 80 << 10
            let connection = ClientConnection(
                channel: channel, serverName: serverName, timeouts: timeouts, registry: registry, memory: RequestMemory(of: memory),
                monitor: .debug(registry.logger))
            try channel.pipeline.syncOperations.addHandler(FlushConsolidationHandler())
            try channel.pipeline.syncOperations.addHandler(
                ByteToMessageHandler(
                    HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits),
                    maximumBufferSize: Self.maxUnreadBytes))
            try channel.pipeline.syncOperations.addHandler(connection)
            return connection
        }
    }

    func handle(_ connection: ClientConnection, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(loop: connection.loop, monitor: connection.monitor)) {
            await withTaskCancellationHandler {
                await RequestMemory.$current.withValue(connection.memory) {
                    while let request = await connection.next() { await handle(request, connection, logger) }
                }
                // The previous handler may have ended before its output was sent.
                try? await connection.channel.closeFuture.get()
            } onCancel: {
                connection.close()
            }
        }
    }

    private func handle(_ request: Request, _ connection: ClientConnection, _ logger: Logger) async {
        defer { connection.memory.releaseAll() }
        let response: Response
        do {
            response = try await respond(request, connection)
        } catch {
            // A service's outermost middleware turns every error into a response.
            response = Response(status: .internalServerError)
        }
        do {
            try await connection.respond(with: response)
        } catch {
            // Clients may disconnect at any time: that isn't an error.
            let level: Logger.Level = error is ChannelError || error is CancellationError ? .debug : .error
            logger.log(level: level, "response aborted", metadata: ["path": "\(request.uri.path)", "cause": "\(error)"])
        }
    }
}
