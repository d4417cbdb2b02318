internal import JSON

/// The content blocks of a streamed message, of which at most one is open.
struct MessagesStreamBlocks {
    typealias Event = MessagesStream.Event

    var messageID = ""
    /// Whether the message calls tools.
    private(set) var hasTools = false
    private var open: Block?
    private var nextIndex: Int64 = 0
    /// The provider's indices of calls whose blocks are closed.
    private var closedPositions: Set<Int64> = []
    private var events: [Event] = []

    private enum Block {
        case text
        case tool(Tool)
    }

    private struct Tool {
        /// The index in the provider's list of calls.
        var position: Int64?
        var id: String
        var name: String
        var isStarted = false
        /// Arguments received before the name.
        var arguments = ""

        /// Whether a delta belongs to this call. Some providers give all calls the same index, so that only the ID distinguishes them.
        func takes(position: Int64?, id: String) -> Bool {
            (position == nil || position == self.position) && (id.isEmpty || self.id.isEmpty || id == self.id)
        }
    }

    /// The events for a chunk's delta.
    ///
    /// - Throws: status 502 if it adds to a call whose block is closed; `drainEvents` returns the events before that.
    mutating func translate(_ delta: JSONValue?) throws(MessagesError) -> [Event] {
        for text in [MessagesResponse.text(delta?["content"]), delta?["refusal"]?.stringValue ?? ""] where !text.isEmpty {
            add(text)
        }
        for call in delta?["tool_calls"]?.arrayValue ?? [] { try add(call) }
        return drainEvents()
    }

    /// The events that close the open block.
    mutating func end() -> [Event] {
        close()
        return drainEvents()
    }

    mutating func drainEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    private mutating func add(_ text: String) {
        if case .text = open {
        } else {
            close()
            open = .text
            start(["type": "text", "text": ""])
        }
        self.delta(["type": "text_delta", "text": .string(text)])
    }

    private mutating func add(_ call: JSONValue) throws(MessagesError) {
        let position = call["index"]?.integerValue
        let id = call["id"]?.stringValue ?? ""
        let name = call["function"]?["name"]?.stringValue ?? ""
        let arguments = MessagesResponse.argumentsText(call["function"]?["arguments"])
        guard !id.isEmpty || !name.isEmpty || !arguments.isEmpty else { return }
        var tool = Tool(position: position, id: id, name: name)
        if case .tool(let current) = open, current.takes(position: position, id: id) {
            tool = current
            if tool.id.isEmpty { tool.id = id }
            if tool.name.isEmpty { tool.name = name }
        } else {
            if id.isEmpty, let position, closedPositions.contains(position) {
                guard !arguments.isEmpty else { return }
                throw MessagesError(status: 502, "The provider's stream interleaves the arguments of several tool calls")
            }
            close()
            hasTools = true
        }
        if tool.isStarted || !tool.name.isEmpty {
            start(&tool)
            input(arguments)
        } else {
            tool.arguments += arguments
        }
        open = .tool(tool)
    }

    /// Starts a call's block, if it hasn't started.
    private mutating func start(_ tool: inout Tool) {
        guard !tool.isStarted else { return }
        tool.isStarted = true
        if tool.id.isEmpty { tool.id = MessagesResponse.toolID(of: messageID, Int(nextIndex)) }
        start(["type": "tool_use", "id": .string(tool.id), "name": .string(tool.name), "input": [:]])
        input(tool.arguments)
    }

    private mutating func input(_ json: String) {
        if !json.isEmpty { delta(["type": "input_json_delta", "partial_json": .string(json)]) }
    }

    private mutating func close() {
        guard let block = open else { return }
        if case .tool(var tool) = block {
            start(&tool)
            if let position = tool.position { closedPositions.insert(position) }
        }
        open = nil
        events.append(Event("content_block_stop", ["index": .integer(nextIndex)]))
        nextIndex += 1
    }

    private mutating func start(_ block: JSONValue) {
        events.append(Event("content_block_start", ["index": .integer(nextIndex), "content_block": block]))
    }

    private mutating func delta(_ delta: JSONValue) {
        events.append(Event("content_block_delta", ["index": .integer(nextIndex), "delta": delta]))
    }
}
