internal import JSON
package import Primitives

/// Decodes a stream of the Responses API: passes its named events through unchanged. The last one reports how the response ended.
package struct ResponsesStreamDecoder: SSEStreamDecoder {
    package var parser = SSEParser()
    private var isAtEnd = false

    package init() {}

    package mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd, !event.data.elementsEqual("[DONE]".utf8) else { return }
        let object = try event.object()
        let type = object["type"]?.stringValue ?? event.name
        // An event without a type isn't part of the Responses API, and may be an error.
        let error = type == "error" || type.isEmpty ? OpenAIErrors.decode(object) : nil
        if type == "error" || error != nil {
            isAtEnd = true
            // The usage so far is billed in spite of the error.
            if let usage = object["usage"].flatMap({ OpenAIUsage.ofResponse($0, serviceTier: object["service_tier"]) }) {
                output.usage(usage)
            }
            return output.error(error ?? ProviderError("the provider's stream failed"))
        }
        let response = object["response"]
        let isLast = ["response.completed", "response.failed", "response.incomplete"].contains(type)
        // Earlier events may report a partial usage.
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
