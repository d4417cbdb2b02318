/// A limit or a budget, as the configuration has it.
struct LimitRule: Sendable {
    enum Unit: Sendable {
        case requests
        case tokens
        /// Requests at the same time.
        case concurrent
        /// Billionths of a US dollar.
        case money
    }

    /// What has a count of its own.
    enum Each: String, Sendable, CaseIterable {
        case client, key, team, route
    }

    var name: String
    var line: Int
    var unit: Unit
    var cap: Int64
    /// `nil` for requests at the same time.
    var period: Period?
    // Whom it is for; `nil`: for all.
    var route: String?
    var team: String?
    var key: String?
    var each: Each?
    /// Whether more than the cap is refused; otherwise it is only told.
    var rejects = true
    /// The part of the cap at which a warning is logged.
    var alert: Double?

    /// The counter of this rule for a caller; `nil` when the rule isn't for it.
    func counter(for caller: Caller, route name: String) -> String? {
        guard route == nil || route == name, team == nil || team == caller.team, key == nil || key == caller.keyName else { return nil }
        switch each {
        case nil: return self.name
        case .client: return "\(self.name)|\(caller.address)"
        // Without a key or a team there's nobody to count for.
        case .key: return caller.keyID.map { "\(self.name)|\($0)" }
        case .team: return caller.team.map { "\(self.name)|\($0)" }
        case .route: return "\(self.name)|\(name)"
        }
    }
}
