internal import AdapterKit
internal import JSON
internal import Primitives

/// Translates a stream of `generate_stream`: one event per token, and the finish reason in the last one.
struct TokenStreamDecoder: SSEStreamDecoder {
    var parser = SSEParser()
    private let builder: OpenAIResponseBuilder
    private let includesUsage: Bool
    private var isAtEnd = false

    init(_ builder: OpenAIResponseBuilder, includesUsage: Bool) {
        self.builder = builder
        self.includesUsage = includesUsage
    }

    mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let object = try event.object()
        if let error = OpenAIErrors.decode(object) {
            isAtEnd = true
            if let usage = object["details"].flatMap(GenerationDetails.usage) { output.usage(usage) }
            return output.error(error)
        }
        // A special token, such as the end-of-sequence token, isn't part of the text.
        let text: JSONValue = object["token"]?["special"] == true ? "" : object["token"]?["text"] ?? ""
        guard let details = object["details"], details != .null else {
            if text != "" { output.event(builder.chunk(text)) }
            return
        }
        isAtEnd = true
        output.event(builder.chunk(text, finishReason: GenerationDetails.finishReason(details)))
        if let usage = GenerationDetails.usage(details) {
            output.usage(usage)
            if includesUsage { output.event(builder.chunk(usage)) }
        }
        output.end()
    }
}
