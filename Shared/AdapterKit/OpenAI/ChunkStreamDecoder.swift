internal import JSON

/// The stream of a chat or a completion in OpenAI's own form: every event is data of its own and passes as it is, up to `[DONE]`.
package struct ChunkStreamDecoder: SSEStreamDecoder {
    /// Whether the client has asked for the usage; else its event, which we asked for, is kept back.
    private let includesUsage: Bool
    package var parser = SSEParser()
    private var isAtEnd = false
    /// The tier that serves the request, which not every event tells.
    private var serviceTier: JSONValue?

    /// What concerns us in an event.
    private static let members = OpenAIErrors.names + ["service_tier", "usage"]

    package init(includesUsage: Bool) {
        self.includesUsage = includesUsage
    }

    package mutating func handle(_ event: SSEParser.Event, _ output: StreamOutput) throws(AdapterError) {
        guard !isAtEnd else { return }
        if event.data.elementsEqual("[DONE]".utf8) {
            isAtEnd = true
            return output.end()
        }
        // Nearly all events have nothing in them that concerns us.
        let known = try event.object(members: Self.members)
        if let tier = known["service_tier"], tier != .null { serviceTier = tier }
        guard known.members.contains(where: { $0.value != .null && $0.name != "service_tier" }) || event.data.contains(UInt8(ascii: "\n")) else {
            return output.event(event.data)
        }
        let chunk = try event.object()
        let usage = chunk["usage"].flatMap { OpenAIUsage.ofCompletion($0, serviceTier: serviceTier) }
        if let error = OpenAIErrors.decode(chunk), chunk["choices"] == nil || chunk["error"]?.objectValue != nil {
            isAtEnd = true
            // What was used up to here is billed all the same.
            if let usage { output.usage(usage) }
            return output.error(error)
        }
        if let usage {
            // Some count with every chunk, and nothing yet before the model has said something: that isn't nothing in the end.
            let isLast = chunk["choices"]?.arrayValue?.allSatisfy { ![nil, .null].contains($0["finish_reason"]) } ?? true
            output.usage(isLast || usage.completionTokens != 0 ? usage : usage.promptOnly)
            if !includesUsage, chunk["choices"]?.arrayValue?.isEmpty ?? true { return }
        }
        output.event(event.line(chunk))
    }
}
