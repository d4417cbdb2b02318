internal import JSON

/// The stream of a chat or a completion in OpenAI's own form: every event is data of its own and passes as it is, up to `[DONE]`.
package struct ChunkStream: StreamDecoder {
    /// Whether the client has asked for the usage; else its event, which we asked for, is kept back.
    private let wantsUsage: Bool
    private var parser = EventStreamParser()
    private var isAtEnd = false

    package init(wantsUsage: Bool) {
        self.wantsUsage = wantsUsage
    }

    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        var isAtEnd = isAtEnd
        defer { self.isAtEnd = isAtEnd }
        let wantsUsage = wantsUsage
        try parser.feed(bytes) { event throws(AdapterError) in
            guard !isAtEnd else { return }
            if event.data.elementsEqual("[DONE]".utf8) {
                isAtEnd = true
                return output.end()
            }
            let chunk = try event.object()
            if let error = OpenAIErrors.decode(chunk), chunk["choices"] == nil || chunk["error"]?.objectValue != nil {
                isAtEnd = true
                return output.error(error)
            }
            if let usage = chunk["usage"].flatMap(OpenAIUsage.ofCompletion) {
                output.usage(usage)
                if !wantsUsage, chunk["choices"]?.arrayValue?.isEmpty ?? true { return }
            }
            output.event(event.line(chunk))
        }
    }

    package mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}
