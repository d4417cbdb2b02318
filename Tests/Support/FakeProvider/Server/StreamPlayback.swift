internal import NIOCore

/// Sends a stream, as fast as the socket accepts it or at the requested pace.
final class StreamPlayback {
    enum Outcome {
        case whole
        /// The stream ended early, but cleanly.
        case cut
        case reset
        case close
    }

    /// Called once when the usage has been sent.
    var settle: () -> Void = {}
    /// Called once with the outcome, unless the connection is lost first.
    var end: (Outcome) -> Void = { _ in }
    /// The tokens passed to the socket.
    private(set) var sent = Tokens()

    /// The tokens of the whole response.
    private let tokens: Tokens
    private let pieces: [StreamChunk]
    private let pace: Double
    private let outcome: Outcome
    private let context: ChannelHandlerContext
    private var head: ByteBuffer?
    private var next = 0
    private var isPausing = false
    private var isOver = false
    /// The number of bytes to send in a batch without a pace.
    private static let batch = 32_768

    init(
        _ pieces: [StreamChunk], _ tokens: Tokens, _ directives: Directives, _ format: any ProviderFormat, _ context: ChannelHandlerContext
    ) {
        self.tokens = tokens
        self.context = context
        pace = directives.pace
        (self.pieces, outcome) = StreamFaults.apply(directives, to: pieces, format)
    }

    func start(_ head: ByteBuffer) {
        self.head = head
        resume()
    }

    func resume() {
        while !isOver, !isPausing, context.channel.isWritable { sendNext() }
    }

    /// Sends one piece, or without a pace, as many as fit into a batch.
    private func sendNext() {
        var output = head ?? ByteBuffer()
        head = nil
        var tokens = 0
        var settles = false
        repeat {
            guard next < pieces.count else { break }
            let piece = pieces[next]
            next += 1
            tokens += piece.tokens
            settles = settles || piece.settles
            HTTPOutput.append(chunk: piece.bytes, to: &output)
        } while pace == 0 && output.readableBytes < Self.batch
        isOver = next == pieces.count
        switch outcome {
        case .whole, .cut: if isOver { HTTPOutput.appendEnd(to: &output) }
        // Close in the middle of a chunk.
        case .close: if isOver { output.writeStaticString("ffff\r\ndata: {") }
        case .reset: break
        }
        let isLast = isOver
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [self] in
            let said = sent.completion + tokens
            sent = self.tokens
            sent.completion = said
            if settles { settle() }
            if isLast { end(outcome) }
        }
        context.writeAndFlush(NIOAny(output), promise: promise)
        if pace > 0, !isOver { pause() }
    }

    private func pause() {
        isPausing = true
        // The connection may be closed by then, and this object deallocated.
        context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(pace * 1e9))) { [weak self] in
            self?.isPausing = false
            self?.resume()
        }
    }
}

/// Faults in the middle of a stream.
enum StreamFaults {
    static func apply(
        _ directives: Directives, to pieces: [StreamChunk], _ format: any ProviderFormat
    ) -> (pieces: [StreamChunk], outcome: StreamPlayback.Outcome) {
        var pieces = pieces
        var outcome = StreamPlayback.Outcome.whole
        if let count = directives.errorAfter {
            pieces = Array(pieces.prefix(count))
            let failure = Failure(directives.status ?? 500, "This error in a stream was requested." + directives.leak)
            if let error = format.streamError(failure) { pieces.append(StreamChunk(bytes: error)) }
            outcome = .cut
        } else if let count = directives.resetAfter {
            pieces = Array(pieces.prefix(count))
            outcome = .reset
        } else if let count = directives.endAfter {
            pieces = Array(pieces.prefix(count))
            outcome = .cut
        } else if directives.halvesEvent, pieces.count > 1 {
            pieces = [pieces[0], StreamChunk(bytes: Array(pieces[1].bytes.prefix(pieces[1].bytes.count / 2)))]
            outcome = .cut
        } else if directives.isGarbage {
            pieces = [pieces[0], StreamChunk(bytes: Array("data: \u{1}<html>This isn't JSON</html>\n\n".utf8))]
            outcome = .cut
        } else if directives.hasWrongLength {
            pieces = Array(pieces.prefix(2))
            outcome = .close
        }
        return (directives.split.map { split(pieces, size: $0) } ?? pieces, outcome)
    }

    /// The same bytes in pieces of `size` bytes. The tokens of an event count with its last byte.
    private static func split(_ pieces: [StreamChunk], size: Int) -> [StreamChunk] {
        var result: [StreamChunk] = []
        var current = StreamChunk(bytes: [])
        for piece in pieces {
            for (index, byte) in piece.bytes.enumerated() {
                current.bytes.append(byte)
                if index == piece.bytes.count - 1 {
                    current.tokens += piece.tokens
                    current.settles = current.settles || piece.settles
                }
                if current.bytes.count == size {
                    result.append(current)
                    current = StreamChunk(bytes: [])
                }
            }
        }
        return current.bytes.isEmpty ? result : result + [current]
    }
}
