package import JSON

/// The turns of a conversation for providers in whose APIs they alternate: what one says in several messages is one turn.
package struct ConversationTurns {
    /// The member in which a turn has its content.
    private let member: String
    private var turns: [JSONValue] = []
    private var role = ""
    private var content: [JSONValue] = []

    package init(contentKey member: String) {
        self.member = member
    }

    package mutating func add(_ role: String, _ content: [JSONValue]) {
        if role != self.role { endTurn() }
        self.role = role
        self.content += content
    }

    private mutating func endTurn() {
        if !content.isEmpty { turns.append(["role": .string(role), member: .array(content)]) }
        content = []
    }

    /// All turns; one at least.
    package consuming func all() throws(AdapterError) -> [JSONValue] {
        endTurn()
        guard !turns.isEmpty else { throw .invalid("'messages' must have a message of the user") }
        return turns
    }
}
