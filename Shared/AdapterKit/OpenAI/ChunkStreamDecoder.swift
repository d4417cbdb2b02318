internal import JSON
package import Primitives

/// Decodes a chat or completion stream in OpenAI's format: passes every event through unchanged, up to `[DONE]`.
package struct ChunkStreamDecoder: SSEStreamDecoder {
    /// Whether the client requested the usage. If not, the usage event, which the adapter requested, is not passed on.
    private let includesUsage: Bool
    package var parser = SSEParser()
    private var isAtEnd = false
    /// The tier that serves the request. Not every event reports it.
    private var serviceTier: JSONValue?

    /// The members of an event that the decoder needs.
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
        // Nearly all events have none of these members.
        let known = try event.object(members: Self.members)
        if let tier = known["service_tier"], tier != .null { serviceTier = tier }
        guard known.members.contains(where: { $0.value != .null && $0.name != "service_tier" }) || event.data.contains(UInt8(ascii: "\n"))
        else {
            return output.event(event.data)
        }
        let chunk = try event.object()
        let usage = chunk["usage"].flatMap { OpenAIUsage.ofCompletion($0, serviceTier: serviceTier) }
        if let error = OpenAIErrors.decode(chunk), chunk["choices"] == nil || chunk["error"]?.objectValue != nil {
            isAtEnd = true
            // The usage so far is billed in spite of the error.
            if let usage { output.usage(usage) }
            return output.error(error)
        }
        if let usage {
            // Some providers report the usage with every chunk. A count of 0 before the last chunk doesn't mean that nothing was used.
            let isLast = chunk["choices"]?.arrayValue?.allSatisfy { ![nil, .null].contains($0["finish_reason"]) } ?? true
            output.usage(isLast || usage.completionTokens != 0 ? usage : usage.promptOnly)
            if !includesUsage, chunk["choices"]?.arrayValue?.isEmpty ?? true { return }
        }
        output.event(event.line(chunk))
    }
}
