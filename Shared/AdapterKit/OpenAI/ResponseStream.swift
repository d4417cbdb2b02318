internal import JSON

/// The stream of a response: events with names, which pass as they are; the last one says how it ended.
package struct ResponseStream: EventDecoder {
    package var parser = EventStreamParser()
    private var isAtEnd = false

    package init() {}

    package mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
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
