internal import AdapterHost
internal import HTTPServer
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import ServiceKit

/// The HTTP client for requests to providers.
///
/// It uses SwiftNIO channels directly: connections share the event loop of the client's request, so that nothing waits for another
/// thread, each phase has an exact timeout, and an exchange ends as soon as its client is gone.
final class UpstreamClient: Sendable {
    /// One pool for each event loop.
    private let pools: [ObjectIdentifier: UpstreamConnectionPool]
    private let group: MultiThreadedEventLoopGroup

    init(group: MultiThreadedEventLoopGroup = .singleton) {
        self.group = group
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.applicationProtocols = ["http/1.1"]
        let tls = try? NIOSSLContext(configuration: configuration)
        var pools: [ObjectIdentifier: UpstreamConnectionPool] = [:]
        for loop in group.makeIterator() { pools[ObjectIdentifier(loop)] = UpstreamConnectionPool(loop: loop, tls: tls) }
        self.pools = pools
    }

    /// Sends a request and waits for the head of the response.
    ///
    /// - Parameters:
    ///   - traceparent: the header that continues the client's trace.
    ///   - cancellation: receives the exchange, so that it ends when the client disconnects.
    func send(
        _ request: ProviderRequest, to target: Target, traceparent: String?, _ cancellation: CancellationHandle
    ) async throws(UpstreamFailure) -> UpstreamResponse {
        guard let url = target.url(request.url) else { throw .cannotConnect("the URL is invalid") }
        let policy = target.policy
        let head = Self.head(of: request, url, traceparent: traceparent)
        let limits = UpstreamTimeouts.Limits(idle: TimeAmount(policy.firstByteTimeout), total: TimeAmount(policy.totalTimeout))
        guard let pool = pools[ObjectIdentifier(group.any())] else { throw .cannotConnect("the event loop is gone") }
        if let exchange = await pool.idleConnection(to: url.origin) {
            do {
                try cancellation.attach(exchange)
                return UpstreamResponse(head: try await exchange.send(head, request.body, limits), exchange: exchange)
            } catch .closed(hasBegun: false) {
                // The provider has usually closed the idle connection in the meantime. Retry on a new one.
            }
        }
        let exchange = try await pool.connect(to: url.origin, timeout: TimeAmount(policy.connectTimeout))
        try cancellation.attach(exchange)
        return UpstreamResponse(head: try await exchange.send(head, request.body, limits), exchange: exchange)
    }

    private static let userAgent = "unladen-gateway/\(unladenVersion)"

    private static func head(of request: ProviderRequest, _ url: UpstreamURL, traceparent: String?) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 5)
        headers.add(name: "host", value: url.origin.authority)
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        headers.add(name: "content-length", value: String(request.body.count))
        if !headers.contains(name: "accept") { headers.add(name: "accept", value: "*/*") }
        headers.add(name: "user-agent", value: userAgent)
        if let traceparent { headers.add(name: "traceparent", value: traceparent) }
        return HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: url.target, headers: headers)
    }
}

/// The response of a provider, whose body hasn't been read yet.
struct UpstreamResponse: Sendable {
    var status: Int
    /// Header fields, with lowercase names.
    var headers: [(name: String, value: String)]
    private let exchange: UpstreamExchange

    init(head: HTTPResponseHead, exchange: UpstreamExchange) {
        status = Int(head.status.code)
        headers = head.headers.map { ($0.name.lowercased(), $0.value) }
        self.exchange = exchange
    }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The next part of the body; `nil` at its end.
    func next() async throws(UpstreamFailure) -> ByteBuffer? { try await exchange.next() }

    /// See `UpstreamExchange.read`.
    func read(_ sink: UpstreamSink) { exchange.read(sink) }

    /// See `UpstreamExchange.pauseReading`.
    func pauseReading(_ isPaused: Bool) { exchange.pauseReading(isPaused) }

    /// The whole body.
    ///
    /// - Parameters:
    ///   - limit: the maximum size in bytes.
    ///   - memory: the memory reservation for a large body; if its length is known, it is reserved before the body is read.
    /// - Throws: `UpstreamFailure.tooLarge` for a larger body, `.outOfMemory` if nothing can be reserved.
    func body(limit: Int, memory: RequestMemory? = nil) async throws(UpstreamFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        // Only the bytes beyond this threshold are reserved.
        var reserved = largeBodyThreshold
        if let length = header("content-length").flatMap({ Int($0) }), length > 0 {
            try check(length, limit)
            if length > reserved {
                try reserve(length, memory)
                reserved = length
            }
            bytes.reserveCapacity(length)
        }
        while let part = try await next() {
            let count = bytes.count + part.readableBytes
            try check(count, limit)
            if count > reserved {
                try reserve(count - reserved, memory)
                reserved = count
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private func check(_ count: Int, _ limit: Int) throws(UpstreamFailure) {
        guard count > limit else { return }
        cancel()
        throw .tooLarge("it has more than \(limit) bytes")
    }

    private func reserve(_ count: Int, _ memory: RequestMemory?) throws(UpstreamFailure) {
        do {
            try memory?.reserve(count)
        } catch {
            cancel()
            throw UpstreamFailure(reserving: error)
        }
    }

    /// Ends the exchange, so that the provider can stop working.
    func cancel() { exchange.cancel() }
}
