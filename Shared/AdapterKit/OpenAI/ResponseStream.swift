internal import JSON

/// The stream of a response: events with names, which pass as they are; the last one says how it ended.
package struct ResponseStream: StreamDecoder {
    private var parser = EventStreamParser()
    private var isAtEnd = false

    package init() {}

    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ output: StreamOutput) throws(AdapterError) {
        var isAtEnd = isAtEnd
        defer { self.isAtEnd = isAtEnd }
        try parser.feed(bytes) { event throws(AdapterError) in
            guard !isAtEnd, !event.data.elementsEqual("[DONE]".utf8) else { return }
            let object = try event.object()
            let type = object["type"]?.stringValue ?? event.name
            if type == "error" {
                isAtEnd = true
                return output.error(OpenAIErrors.decode(object) ?? ProviderError("the provider's stream has failed"))
            }
            if let usage = object["response"]?["usage"].flatMap(OpenAIUsage.ofResponse) { output.usage(usage) }
            output.event(type, event.line(object))
            if ["response.completed", "response.failed", "response.incomplete"].contains(type) {
                isAtEnd = true
                output.end()
            }
        }
    }

    package mutating func finish(_ output: StreamOutput) throws(AdapterError) {}
}
