internal import AdapterHost
internal import GatewayFormats
internal import HTTPServer
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// A provider's stream, converted to items for the client.
final class ProviderStream: @unchecked Sendable {
    // `@unchecked`: the task that opens the stream hands it over to the event loop that reads it; they never use it at the same time.

    /// An item for the client. Nothing follows `.end` and `.error`.
    enum Item {
        case event([UInt8], name: String?)
        case error(ServiceError)
        case end
    }

    private let response: UpstreamResponse
    private let reader: AdapterStream
    private let target: Target
    private let meter: UsageMeter
    private let memory: RequestMemory?
    let task: AdapterTask
    private var pending: [AdapterStream.Event] = []
    private var isAtEnd = false
    private var isClosed = false
    /// Whether the stream holds the endpoint's count of a call in flight; before the first event, the attempt does.
    private var isCounted = false
    /// Bytes received of an incomplete event.
    private var partialEventBytes = 0
    /// Bytes reserved for a long event, until the part after it arrives.
    private var reserved = 0

    /// The number of copies of a long event in memory while it is converted: as received, as JSON, and both again for the client.
    private static let copies = 5

    /// - Parameter memory: the memory reservation for long events; `nil` if memory is unbounded.
    init(response: UpstreamResponse, reader: AdapterStream, target: Target, meter: UsageMeter, task: AdapterTask, memory: RequestMemory?) {
        self.response = response
        self.reader = reader
        self.target = target
        self.meter = meter
        self.task = task
        self.memory = memory
    }

    deinit { close() }

    /// Waits for the first event. Until then, the request can still fall back to another endpoint.
    ///
    /// - Throws: `AttemptFailure` for a stream that ends or fails before its first event.
    func start() async throws(AttemptFailure) {
        while true {
            let part: ByteBuffer?
            do {
                part = try await response.next()
            } catch {
                throw AttemptFailure(error, target)
            }
            if let part { try feed(part) } else { try finish() }
            for event in pending {
                switch event {
                case .data, .end:
                    isCounted = true
                    return
                case .error(let error):
                    close()
                    let isBusy = error.type == "overloaded_error" || error.type == "rate_limit_error"
                    throw AttemptFailure(error: Self.error(error, target), kind: isBusy ? .transient(nil) : .target)
                case .usage(let usage): meter.used(usage)
                }
            }
        }
    }

    private func feed(_ part: ByteBuffer) throws(AttemptFailure) {
        try reserve(for: part)
        do {
            try reader.feed(part.readableBytesView, into: &pending)
        } catch {
            throw AttemptFailure(error, target)
        }
        if !pending.isEmpty { partialEventBytes = 0 }
    }

    /// Reserves memory for a long event as it arrives. The part after it arrives once the client has read most of the event.
    private func reserve(for part: ByteBuffer) throws(AttemptFailure) {
        if partialEventBytes == 0, reserved > 0 {
            memory?.release(reserved)
            reserved = 0
        }
        partialEventBytes += part.readableBytes
        guard partialEventBytes > largeBodyThreshold else { return }
        let needed = Self.copies * partialEventBytes - reserved
        do {
            try memory?.reserve(needed)
        } catch {
            response.cancel()
            throw AttemptFailure(UpstreamFailure(reserving: error), target)
        }
        reserved += needed
    }

    private func finish() throws(AttemptFailure) {
        do {
            try reader.finish(into: &pending)
        } catch {
            throw AttemptFailure(error, target)
        }
        guard pending.contains(where: { if case .end = $0 { true } else { false } }) else {
            throw AttemptFailure(UpstreamFailure.closed(hasBegun: true), target)
        }
    }

    /// Delivers the items as they arrive, on the event loop of the provider's connection. Buffered items are delivered immediately.
    ///
    /// - Parameters:
    ///   - deliver: receives the items that arrived together.
    ///   - fail: is called at most once, in place of a final item.
    func read(_ deliver: @escaping ([Item]) -> Void, fail: @escaping (AttemptFailure) -> Void) {
        let first = items()
        if !first.isEmpty { deliver(first) }
        response.read(
            UpstreamSink { [self] part in
                // Ignore anything that the provider sends after the end.
                guard !isAtEnd else { return }
                var failure: AttemptFailure?
                do throws(AttemptFailure) {
                    try feed(part)
                } catch {
                    failure = error
                }
                let items = items()
                if !items.isEmpty { deliver(items) }
                if let failure { self.fail(failure, fail) }
            } end: { [self] reason in
                guard !isAtEnd else { return }
                if let reason { return self.fail(AttemptFailure(reason, target), fail) }
                do throws(AttemptFailure) {
                    try finish()
                    deliver(items())
                } catch {
                    let items = items()
                    if !items.isEmpty { deliver(items) }
                    self.fail(error, fail)
                }
            })
    }

    private func fail(_ failure: AttemptFailure, _ report: (AttemptFailure) -> Void) {
        guard !isAtEnd else { return }
        isAtEnd = true
        if failure.kind.isTargetFault { target.health.callFailed() }
        meter.trace?.failed(failure.error)
        report(failure)
    }

    /// Converts the pending events to items.
    private func items() -> [Item] {
        var items: [Item] = []
        for event in pending where !isAtEnd {
            switch event {
            case .data(let bytes, let name):
                let bytes = ResponseRedactor.redacted(bytes, by: target.redaction)
                meter.received(bytes)
                items.append(.event(bytes, name: name))
            case .usage(let usage): meter.used(usage)
            case .error(let error):
                isAtEnd = true
                target.health.callFailed()
                let shown = Self.error(error, target)
                meter.trace?.failed(shown)
                items.append(.error(shown))
            case .end:
                isAtEnd = true
                target.health.callSucceeded()
                items.append(.end)
            }
        }
        pending.removeAll(keepingCapacity: true)
        return items
    }

    /// Pauses or resumes reading from the provider.
    func pauseReading(_ isPaused: Bool) { response.pauseReading(isPaused) }

    /// Closes the stream. After the stream's own end, the rest of the response is read, so that the connection can be reused; an
    /// unfinished stream is cancelled.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if isCounted { target.health.callEnded() }
        if !isAtEnd { response.cancel() }
    }

    private static func error(_ error: ProviderError, _ target: Target) -> ServiceError {
        .provider(error, status: 502, code: "upstream_error", redaction: target.redaction)
    }
}
