/// A push parser for server-sent events, as specified in the HTML standard ("Interpreting an event stream"). The input may be split
/// anywhere.
package struct SSEParser: Sendable {
    /// A complete event.
    package struct Event: Sendable, Equatable {
        /// The `event` field; empty if there was none.
        package var name: String
        /// The `data` fields, joined by line breaks.
        package var data: [UInt8]

        package init(name: String, data: [UInt8]) {
            self.name = name
            self.data = data
        }
    }

    /// The maximum length of an event in bytes, so that an endless line can't exhaust the memory.
    package let limit: Int
    private var line: [UInt8] = []
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var isAfterReturn = false
    private var isAtStart = true

    package init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// Consumes bytes and returns the events that they complete. Once an event was too long, it returns no more events.
    package mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) -> [Event] {
        var events: [Event] = []
        var start = 0
        for (position, byte) in bytes.enumerated() {
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                isAfterReturn = false
                continue
            }
            // "\r\n" is one line ending, even if the input is split between the two.
            if byte == UInt8(ascii: "\n"), isAfterReturn {
                isAfterReturn = false
                start = position + 1
                continue
            }
            isAfterReturn = byte == UInt8(ascii: "\r")
            line.append(contentsOf: bytes[start..<position])
            start = position + 1
            guard isWithinLimit else { return events }
            if let event = endOfLine() { events.append(event) }
        }
        line.append(contentsOf: bytes[start...])
        return events
    }

    private mutating func endOfLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        var text = line[...]
        if isAtStart {
            isAtStart = false
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        }
        guard !text.isEmpty else { return endOfEvent() }
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        var value = text[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: text[..<colon], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            hasData = true
            data.append(contentsOf: value)
        default: break  // Comments, IDs, retry times.
        }
        return nil
    }

    private mutating func endOfEvent() -> Event? {
        defer {
            name = ""
            data = []
            hasData = false
        }
        return hasData ? Event(name: name, data: data) : nil
    }

    /// Whether the current event is no longer than the limit.
    package var isWithinLimit: Bool { line.count + data.count <= limit }
}
