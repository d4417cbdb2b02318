package import JSON

/// The turns of a conversation for providers in whose APIs they alternate: what one says in several messages is one turn.
package struct Turns {
    /// The member in which a turn has what was said.
    private let member: String
    private var turns: [JSONValue] = []
    private var role = ""
    private var said: [JSONValue] = []

    package init(saidIn member: String) {
        self.member = member
    }

    package mutating func add(_ role: String, _ said: [JSONValue]) {
        if role != self.role { endTurn() }
        self.role = role
        self.said += said
    }

    private mutating func endTurn() {
        if !said.isEmpty { turns.append(["role": .string(role), member: .array(said)]) }
        said = []
    }

    /// All turns; one at least.
    package consuming func all() throws(AdapterError) -> [JSONValue] {
        endTurn()
        guard !turns.isEmpty else { throw .invalid("'messages' must have a message of the user") }
        return turns
    }
}
