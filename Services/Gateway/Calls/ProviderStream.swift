internal import GatewayFormats
internal import JSON
internal import NIOCore
internal import PluginHost

/// A provider's stream on its way to the client. One task reads it.
final class ProviderStream: @unchecked Sendable {
    // `@unchecked`: it is handed from the task that opens it to the one that reads it, which are the same or follow each other.

    /// What goes to the client.
    enum Item {
        case event([UInt8], name: String?)
        case error(GatewayError)
        case end
    }

    private let answer: UpstreamAnswer
    private let reader: AdapterStream
    private let target: Target
    private let record: CallRecord
    let task: AdapterTask
    private var waiting: [AdapterStream.Event] = []
    private var position = 0
    private var isClosed = false

    init(answer: UpstreamAnswer, reader: AdapterStream, target: Target, record: CallRecord, task: AdapterTask) {
        self.answer = answer
        self.reader = reader
        self.target = target
        self.record = record
        self.task = task
    }

    deinit { close() }

    /// Waits for the first event: up to it another endpoint could still answer.
    ///
    /// - Throws: `AttemptFailure` for a stream that ends, or fails, before it has said anything.
    func start() async throws {
        while true {
            try await fill()
            for event in waiting[position...] {
                switch event {
                case .data: return
                case .end: return
                case .error(let error):
                    close()
                    let isBusy = error.type == "overloaded_error" || error.type == "rate_limit_error"
                    throw AttemptFailure(
                        error: Self.error(error, target), kind: isBusy ? .passing(nil) : .target)
                case .usage: continue
                }
            }
        }
    }

    /// Reads until there's something to tell.
    private func fill() async throws {
        do {
            if let bytes = try await answer.next() {
                try reader.feed(bytes.readableBytesView, into: &waiting)
            } else {
                let count = waiting.count
                try reader.finish(into: &waiting)
                guard waiting[count...].contains(where: { if case .end = $0 { true } else { false } }) || isAtEnd else {
                    throw AttemptFailure(UpstreamFailure.closed(hasBegun: true), target)
                }
            }
        } catch let failure as AdapterFailure {
            throw AttemptFailure(failure, target)
        } catch let failure as UpstreamFailure {
            throw AttemptFailure(failure, target)
        }
    }

    private var isAtEnd = false

    /// What the client gets next, as many items as are there; waits for the first.
    ///
    /// After `.end` and `.error` nothing follows.
    func next() async throws(AttemptFailure) -> [Item] {
        var items: [Item] = []
        while true {
            while position < waiting.count {
                let event = waiting[position]
                position += 1
                switch event {
                case .data(let bytes, let name):
                    record.received(bytes: bytes.count)
                    items.append(.event(bytes, name: name))
                case .usage(let usage): record.used(usage)
                case .error(let error):
                    target.health.failed()
                    items.append(.error(Self.error(error, target)))
                    return items
                case .end:
                    isAtEnd = true
                    target.health.succeeded()
                    items.append(.end)
                    return items
                }
            }
            waiting.removeAll(keepingCapacity: true)
            position = 0
            if !items.isEmpty { return items }
            do {
                try await fill()
            } catch let failure as AttemptFailure {
                if failure.kind.isTargets { target.health.failed() }
                throw failure
            } catch {
                throw AttemptFailure(.closed(hasBegun: true), target)
            }
        }
    }

    /// Ends it. After a stream's end, what the provider still sends (the end of its body) is taken, so that the connection can serve
    /// again; a stream that has more to say is cut off.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        target.health.ended()
        guard isAtEnd else { return answer.cancel() }
        let answer = answer
        Task {
            var rest = 0
            while let part = try? await answer.next(), rest < 64 << 10 { rest += part.readableBytes }
            // Does nothing when all was read.
            answer.cancel()
        }
    }

    private static func error(_ error: ProviderError, _ target: Target) -> GatewayError {
        GatewayError(
            status: 502, type: error.type ?? "api_error", message: error.message, code: error.code?.stringValue ?? "upstream_error",
            param: error.param)
    }
}
