internal import WireProtocol

extension GatewayCatalog.Budget {
    /// What a budget applies to, in MLflow's terms.
    enum Scope: Sendable {
        case global
        case route(String)
        /// A key, a team or a client address.
        case user(String)
    }

    var scope: Scope {
        let users = [("key", key), ("team", team), ("client", client)].compactMap { kind, name in name.map { "\(kind) \($0)" } }
        if !users.isEmpty { return .user(users.joined(separator: ", ")) }
        return route.map { .route($0) } ?? .global
    }
}
