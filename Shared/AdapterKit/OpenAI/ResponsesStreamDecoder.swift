internal import JSON

/// The stream of a response: events with names, which pass as they are; the last one says how it ended.
package struct ResponsesStreamDecoder: SSEStreamDecoder {
    package var parser = SSEParser()
    private var isAtEnd = false

    package init() {}

    package mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd, !event.data.elementsEqual("[DONE]".utf8) else { return }
        let object = try event.object()
        let type = object["type"]?.stringValue ?? event.name
        // An event without a type is none of a response's.
        let error = type == "error" || type.isEmpty ? OpenAIErrors.decode(object) : nil
        if type == "error" || error != nil {
            isAtEnd = true
            // What was used up to here is billed all the same.
            if let usage = object["usage"].flatMap({ OpenAIUsage.ofResponse($0, serviceTier: object["service_tier"]) }) { output.usage(usage) }
            return output.error(error ?? ProviderError("the provider's stream has failed"))
        }
        let response = object["response"]
        let isLast = ["response.completed", "response.failed", "response.incomplete"].contains(type)
        // What earlier events count, if they do, isn't the whole.
        if isLast, let usage = response?["usage"].flatMap({ OpenAIUsage.ofResponse($0, serviceTier: response?["service_tier"]) }) {
            output.usage(usage)
        }
        output.event(type, event.line(object))
        if isLast {
            isAtEnd = true
            output.end()
        }
    }
}
