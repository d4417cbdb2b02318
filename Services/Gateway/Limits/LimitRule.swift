/// A limit or a budget from the configuration.
final class LimitRule: Sendable {
    enum Unit: Sendable {
        case requests
        case tokens
        /// Concurrent requests.
        case concurrent
        /// Billionths of a US dollar.
        case money
    }

    /// What a rule counts separately.
    enum Scope: String, Sendable, CaseIterable {
        case client, key, team, route
    }

    let name: String
    /// The rule's line in the configuration file.
    let line: Int
    let unit: Unit
    /// In the unit's terms: requests, tokens or billionths of a dollar.
    let cap: Int64
    /// `nil` for concurrent requests.
    let period: Period?
    // The rule applies to these only; `nil` for all.
    let route: String?
    let team: String?
    let key: String?
    let scope: Scope?
    /// Whether requests beyond the cap are rejected; otherwise an alert is raised only.
    let rejects: Bool
    /// The fraction of the cap, from 0 to 1, at which an alert is raised.
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

    /// Returns this rule's counter for a caller; `nil` if the rule doesn't apply.
    func counter(for caller: Caller, route name: String) -> String? {
        guard route == nil || route == name, team == nil || team == caller.team, key == nil || key == caller.keyName else { return nil }
        switch scope {
        case nil: return self.name
        case .client: return "\(self.name)|\(caller.address)"
        // A caller without a key or a team isn't counted.
        case .key: return caller.keyID.map { "\(self.name)|\($0)" }
        case .team: return caller.team.map { "\(self.name)|\($0)" }
        case .route: return "\(self.name)|\(name)"
        }
    }
}
