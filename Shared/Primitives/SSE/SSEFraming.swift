/// The framing of server-sent events.
package enum SSEFraming {
    /// OpenAI's last event of a stream.
    package static let done: StaticString = "data: [DONE]\n\n"

    /// An event in wire format.
    ///
    /// - Parameters:
    ///   - data: must not contain line breaks.
    ///   - name: the event's type; `nil` to omit it.
    package static func event(_ data: [UInt8], name: String? = nil) -> [UInt8] {
        var event: [UInt8] = []
        event.reserveCapacity(data.count + 16 + (name?.utf8.count ?? 0))
        if let name {
            event += "event: ".utf8
            event += name.utf8
            event.append(UInt8(ascii: "\n"))
        }
        event += "data: ".utf8
        event += data
        event += "\n\n".utf8
        return event
    }
}
