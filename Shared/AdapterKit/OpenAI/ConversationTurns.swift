package import JSON

/// The turns of a conversation for providers that require alternating roles: consecutive messages of one role become one turn.
package struct ConversationTurns {
    /// The name of the member that holds a turn's content.
    private let member: String
    private var turns: [JSONValue] = []
    private var role = ""
    private var content: [JSONValue] = []

    package init(contentKey member: String) {
        self.member = member
    }

    /// Adds content to the current turn, or begins a new turn if the role changes.
    package mutating func add(_ role: String, _ content: [JSONValue]) {
        if role != self.role { endTurn() }
        self.role = role
        self.content += content
    }

    private mutating func endTurn() {
        if !content.isEmpty { turns.append(["role": .string(role), member: .array(content)]) }
        content = []
    }

    /// All turns; at least one.
    package consuming func all() throws(AdapterError) -> [JSONValue] {
        endTurn()
        guard !turns.isEmpty else { throw .invalid("'messages' must contain a user message") }
        return turns
    }
}
