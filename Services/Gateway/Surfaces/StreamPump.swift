internal import GatewayFormats
internal import Hummingbird
internal import NIOCore

/// Writes a provider's stream to the client as server-sent events, each as it comes.
final class StreamPump: @unchecked Sendable {
    // `@unchecked`: made by the handler of a request, and used by the task that writes its answer, after it.

    private let stream: ProviderStream
    private let record: CallRecord
    private var translator: MessagesStream?
    private let form: ErrorForm
    private let handle: CallHandle
    /// Whether OpenAI's `[DONE]` ends it.
    private let endsWithDone: Bool

    init(
        stream: ProviderStream, record: CallRecord, translator: MessagesStream?, form: ErrorForm, handle: CallHandle, endsWithDone: Bool
    ) {
        self.stream = stream
        self.record = record
        self.translator = translator
        self.form = form
        self.handle = handle
        self.endsWithDone = endsWithDone
    }

    deinit {
        // An answer that nobody has begun to write: the client went away in between.
        stream.close()
        record.close(status: 499, flags: .abandoned)
    }

    /// - Throws: when the client has gone away.
    func run(_ writer: inout any ResponseBodyWriter) async throws {
        defer { stream.close() }
        var buffer = ByteBuffer()
        do {
            while true {
                let items = try await stream.next()
                buffer.clear()
                var isLast = false
                for item in items { isLast = put(item, into: &buffer) || isLast }
                // The account is closed before the client has the end, so that no end is without an account.
                if isLast { record.close(status: 200, flags: isBroken ? .broken : []) }
                try await writer.write(buffer)
                if isLast { return }
            }
        } catch let failure as AttemptFailure {
            guard !handle.isGone else {
                record.close(status: 499, flags: .abandoned)
                throw CancellationError()
            }
            // The status has gone out: the error is an event.
            record.close(status: failure.error.status, flags: .broken)
            try await writer.write(ByteBuffer(bytes: form.event(failure.error)))
        } catch {
            record.close(status: 499, flags: .abandoned)
            throw error
        }
    }

    private var isBroken = false

    /// - Returns: whether nothing follows.
    private func put(_ item: ProviderStream.Item, into buffer: inout ByteBuffer) -> Bool {
        switch item {
        case .event(let bytes, let name):
            if translator != nil {
                for event in translator?.take(bytes) ?? [] { Self.put(event.data, name: event.name, into: &buffer) }
            } else {
                Self.put(bytes, name: name, into: &buffer)
            }
            return false
        case .error(let error):
            isBroken = true
            buffer.writeBytes(form.event(error))
            return true
        case .end:
            for event in translator?.finish() ?? [] { Self.put(event.data, name: event.name, into: &buffer) }
            if translator == nil, endsWithDone { buffer.writeStaticString("data: [DONE]\n\n") }
            return true
        }
    }

    private static func put(_ data: [UInt8], name: String?, into buffer: inout ByteBuffer) {
        if let name { buffer.writeString("event: \(name)\n") }
        buffer.writeStaticString("data: ")
        buffer.writeBytes(data)
        buffer.writeStaticString("\n\n")
    }
}
