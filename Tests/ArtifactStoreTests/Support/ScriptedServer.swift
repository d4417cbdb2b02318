import ArtifactStore
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server that responds according to a script and records its requests.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        let method: HTTPMethod
        let uri: String
        let headers: HTTPHeaders
        var body = ByteBuffer()
    }

    enum Response: Sendable {
        case full(HTTPResponseStatus, headers: HTTPHeaders = [:], body: String = "")
        /// A header that announces `length` bytes, then only `body`, then the end of the connection.
        case cutShort(length: Int, headers: HTTPHeaders = [:], body: String)
        /// Closes the connection immediately.
        case none
    }

    /// The response to the request with an index.
    typealias Script = @Sendable (Request, Int) -> Response

    private let script: Script
    private let received = Mutex<[Request]>([])

    var requests: [Request] { received.withLock { $0 } }

    private init(script: @escaping Script) {
        self.script = script
    }

    /// Runs `body` with the URL of a server that follows `script`.
    static func run<Result>(
        _ script: @escaping Script, _ body: (ScriptedServer, String) async throws -> Result
    ) async throws -> Result {
        let server = ScriptedServer(script: script)
        let channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(server, "http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    fileprivate func response(_ request: Request) -> Response {
        let index = received.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        return script(request, index)
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: ScriptedServer
    private var request: ScriptedServer.Request?

    init(server: ScriptedServer) {
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = ScriptedServer.Request(method: head.method, uri: head.uri, headers: head.headers)
        case .body(let chunk):
            request?.body.writeImmutableBuffer(chunk)
        case .end:
            guard let request else { return }
            switch server.response(request) {
            case .full(let status, let headers, let body):
                send(status, headers, length: body.utf8.count, body: request.method == .HEAD ? "" : body, context)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .cutShort(let length, let headers, let body):
                send(.ok, headers, length: length, body: body, context)
                context.close(promise: nil)
            case .none:
                context.close(promise: nil)
            }
        }
    }

    private func send(
        _ status: HTTPResponseStatus, _ headers: HTTPHeaders, length: Int, body: String,
        _ context: ChannelHandlerContext
    ) {
        var headers = headers
        headers.add(name: "content-length", value: String(length))
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    }
}

/// Records pauses instead of waiting.
final class Pauses: Sendable {
    private let taken = Mutex<[Duration]>([])

    var all: [Duration] { taken.withLock { $0 } }

    /// A policy with pauses of maximum length.
    var policy: RetryPolicy {
        RetryPolicy(attempts: 4, sleep: { [self] pause in taken.withLock { $0.append(pause) } }, random: { 1 })
    }
}
