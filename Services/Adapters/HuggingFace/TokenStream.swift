internal import AdapterKit
internal import JSON

/// The stream of `generate_stream`: an event for each token, the last of which says why it is the last.
struct TokenStream: EventDecoder {
    var parser = EventStreamParser()
    private let frame: AnswerFrame
    private let wantsUsage: Bool
    private var isAtEnd = false

    init(_ frame: AnswerFrame, wantsUsage: Bool) {
        self.frame = frame
        self.wantsUsage = wantsUsage
    }

    mutating func take(_ event: EventStreamParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        let object = try event.object()
        if let error = OpenAIErrors.decode(object) {
            isAtEnd = true
            if let usage = object["details"].flatMap(Generation.usage) { output.usage(usage) }
            return output.error(error)
        }
        // A special token, such as the one that ends the text, is none of it.
        let text: JSONValue = object["token"]?["special"] == true ? "" : object["token"]?["text"] ?? ""
        guard let details = object["details"], details != .null else {
            if text != "" { output.event(frame.chunk(text)) }
            return
        }
        isAtEnd = true
        output.event(frame.chunk(text, finishReason: Generation.finishReason(details)))
        if let usage = Generation.usage(details) {
            output.usage(usage)
            if wantsUsage { output.event(frame.chunk(usage)) }
        }
        output.end()
    }
}
