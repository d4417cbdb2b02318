/// A limit or a budget, as the configuration has it.
final class LimitRule: Sendable {
    enum Unit: Sendable {
        case requests
        case tokens
        /// Requests at the same time.
        case concurrent
        /// Billionths of a US dollar.
        case money
    }

    /// What has a count of its own.
    enum Scope: String, Sendable, CaseIterable {
        case client, key, team, route
    }

    let name: String
    let line: Int
    let unit: Unit
    let cap: Int64
    /// `nil` for requests at the same time.
    let period: Period?
    // Whom it is for; `nil`: for all.
    let route: String?
    let team: String?
    let key: String?
    let scope: Scope?
    /// Whether more than the cap is refused; otherwise it is only told.
    let rejects: Bool
    /// The part of the cap at which a warning is logged.
    let alertThreshold: Double?

    init(
        name: String, line: Int, unit: Unit, cap: Int64, period: Period?, route: String? = nil, team: String? = nil, key: String? = nil,
        scope: Scope? = nil, rejects: Bool = true, alertThreshold: Double? = nil
    ) {
        self.name = name
        self.line = line
        self.unit = unit
        self.cap = cap
        self.period = period
        self.route = route
        self.team = team
        self.key = key
        self.scope = scope
        self.rejects = rejects
        self.alertThreshold = alertThreshold
    }

    /// The counter of this rule for a caller; `nil` when the rule isn't for it.
    func counter(for caller: Caller, route name: String) -> String? {
        guard route == nil || route == name, team == nil || team == caller.team, key == nil || key == caller.keyName else { return nil }
        switch scope {
        case nil: return self.name
        case .client: return "\(self.name)|\(caller.address)"
        // Without a key or a team there's nobody to count for.
        case .key: return caller.keyID.map { "\(self.name)|\($0)" }
        case .team: return caller.team.map { "\(self.name)|\($0)" }
        case .route: return "\(self.name)|\(name)"
        }
    }
}
