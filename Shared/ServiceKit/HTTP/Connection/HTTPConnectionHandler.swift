internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Connections whose requests are handled on the thread that reads them.
///
/// Swift's pool of threads would take each request over from that thread and hand the response back, and two switches between
/// threads cost more than most of our handlers. So handlers must not block, and compute for milliseconds at most: files and
/// databases have threads of their own.
struct HTTPConnectionHandler<Responder: HTTPResponder>: Sendable where Responder.Context == ServiceRequestContext {
    /// Bytes that the reader of requests may leave unread: more than any head has that it takes.
    private static var maxUnreadBytes: Int { 256 << 10 }

    let responder: Responder
    let serverName: String
    let timeouts: ConnectionTimeouts
    let registry: ConnectionRegistry
    let memory: MemoryBudget

    func setup(channel: any Channel) -> EventLoopFuture<ClientConnection> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderListSize = 80 << 10
            let connection = ClientConnection(
                channel: channel, serverName: serverName, timeouts: timeouts, registry: registry, memory: RequestMemory(of: memory))
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
        await withTaskExecutorPreference(EventLoopExecutor(loop: connection.loop)) {
            await withTaskCancellationHandler {
                await RequestMemory.$current.withValue(connection.memory) {
                    while let request = await connection.next() { await handle(request, connection, logger) }
                }
                // The end of the last handler is not the end of what it wrote.
                try? await connection.channel.closeFuture.get()
            } onCancel: {
                connection.close()
            }
        }
    }

    private func handle(_ request: Request, _ connection: ClientConnection, _ logger: Logger) async {
        defer { connection.memory.releaseAll() }
        let context = ServiceRequestContext(connection: connection, logger: logger)
        let response: Response
        do {
            response = try await responder.respond(to: request, context: context)
        } catch {
            // The outermost step of every request makes a response of every error.
            response = Response(status: .internalServerError)
        }
        do {
            try await connection.respond(with: response)
        } catch {
            // Clients go away as they like.
            let level: Logger.Level = error is ChannelError || error is CancellationError ? .debug : .error
            logger.log(level: level, "response aborted", metadata: ["path": "\(request.uri.path)", "cause": "\(error)"])
        }
    }
}

/// Runs the parts of tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
