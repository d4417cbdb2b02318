internal import Hashing
internal import Primitives

// Teams, keys, limits and budgets.

extension ConfigurationParser {
    /// Parses an element of `teams:`, a name or a mapping with one.
    func team(_ node: ConfigurationNode) -> String? {
        if node.isScalar { return name(node) }
        guard let members = node.members() else { return nil }
        let name = members.required("name").flatMap(self.name)
        members.reportUnknownKeys()
        return name
    }

    /// Parses an element of `keys:`.
    func key(_ node: ConfigurationNode) -> ConfiguredKey? {
        guard let members = node.members() else { return nil }
        let name = members.required("name").flatMap(self.name)
        let hash = members["hash"].flatMap { node -> [UInt8]? in
            guard let text = node.string() else { return nil }
            guard let bytes = Hex.decode(text), bytes.count == SHA256.byteCount else {
                node.problem("expected a SHA-256 hash of 64 hexadecimal digits")
                return nil
            }
            return bytes
        }
        let keyNode = members["key"]
        let key = keyNode.flatMap(secret)
        if let keyNode, let key, key.utf8.count < 16 { keyNode.problem("a key must be at least 16 bytes long") }
        if members["hash"] == nil, keyNode == nil { node.problem("'key' or 'hash' is missing") }
        let team = members["team"]?.string()
        let routes = members["routes"].map { $0.elements().compactMap { $0.string() } }
        let expires = members["expires"].flatMap(time)
        members.reportUnknownKeys()
        guard let name, let hash = hash ?? key.map(APIKeyHash.of) else { return nil }
        return ConfiguredKey(name: name, line: node.line, hash: hash, team: team, routes: routes, expires: expires)
    }

    /// Parses a date (its start in UTC) or a time in RFC 3339's format.
    private func time(_ node: ConfigurationNode) -> UnixMilliseconds? {
        guard let text = node.string() else { return nil }
        guard let time = ISO8601.timeOrDate(text) else {
            node.problem("expected a date such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z")
            return nil
        }
        return time
    }

    /// Parses an element of `limits:`.
    func limit(_ node: ConfigurationNode) -> LimitRule? {
        guard let members = node.members() else { return nil }
        let units: [(String, LimitRule.Unit)] = [("requests", .requests), ("tokens", .tokens), ("concurrent", .concurrent)]
        let given = units.compactMap { name, unit in members[name].map { (node: $0, unit: unit) } }
        if given.count != 1 { node.problem("expected exactly one of requests, tokens and concurrent") }
        let cap = given.first?.node.integer(0...1_000_000_000_000_000)
        let unit = given.first?.unit ?? .requests
        return rule(node, members, unit: unit, cap: cap)
    }

    /// Parses an element of `budgets:`.
    func budget(_ node: ConfigurationNode) -> LimitRule? {
        guard let members = node.members() else { return nil }
        let dollars = members.required("usd")?.number(0...1_000_000_000)
        let rejects = members["action"].map { $0.choice([("reject", true), ("alert", false)]) } ?? true
        let alert = members["alert"]?.number(0...1)
        return rule(
            node, members, unit: .money, cap: dollars.map { NanoDollars(dollars: $0).rawValue }, rejects: rejects ?? true,
            // A budget that rejects nothing raises an alert at least when it is spent.
            alert: alert ?? (rejects == false ? 1 : nil))
    }

    /// Parses MLflow's `limit` of an endpoint: a number of calls for each client.
    func mlflowLimit(_ node: ConfigurationNode, route: String) -> LimitRule? {
        guard let members = node.members() else { return nil }
        let calls = members.required("calls")?.integer(0...1_000_000_000)
        let period = members.required("renewal_period").flatMap(period)
        // MLflow accepts a name for the counter here, and doesn't use it.
        _ = members["key"]
        members.reportUnknownKeys()
        guard let calls, let period else { return nil }
        return LimitRule(
            name: "\(route).limit", line: node.line, unit: .requests, cap: calls, period: period, route: route, scope: .client)
    }

    private func rule(
        _ node: ConfigurationNode, _ members: ConfigurationMapping, unit: LimitRule.Unit, cap: Int64?, rejects: Bool = true,
        alert: Double? = nil
    ) -> LimitRule? {
        let name = members.required("name").flatMap(self.name)
        let periodNode = members["per"]
        let period = periodNode.flatMap(period)
        if unit == .concurrent { periodNode?.problem("a limit on concurrent requests has no period") }
        if unit != .concurrent, periodNode == nil { node.problem("'per' is missing") }
        let scope = members["each"].flatMap { $0.choice(LimitRule.Scope.allCases.map { ($0.rawValue, $0) }) }
        let (route, team, key) = (members["route"]?.string(), members["team"]?.string(), members["key"]?.string())
        members.reportUnknownKeys()
        guard let name, let cap, unit == .concurrent || period != nil else { return nil }
        return LimitRule(
            name: name, line: node.line, unit: unit, cap: cap, period: unit == .concurrent ? nil : period, route: route, team: team,
            key: key, scope: scope, rejects: rejects, alertThreshold: alert)
    }

    /// Parses a period: `hour`, `1 hour`, `5 minutes`, or a duration of whole seconds.
    private func period(_ node: ConfigurationNode) -> Period? {
        guard let text = node.string() else { return nil }
        let words = text.split(separator: " ")
        let count = words.count == 2 ? Int64(words[0]) : words.count == 1 ? 1 : nil
        if let count, count > 0, count <= 1_000_000, let word = words.last {
            let singular = word.hasSuffix("s") ? word.dropLast() : word
            if let period = Period.names.first(where: { $0.0 == singular })?.1 {
                switch period {
                case .seconds(let length): return .seconds(length * count)
                case .month where count == 1: return .month
                case .month: break
                }
            }
        }
        if let duration = Duration(configured: text), duration.components.seconds >= 1, duration.components.attoseconds == 0 {
            return .seconds(duration.components.seconds)
        }
        node.problem("expected a period such as minute, hour, day, week, month, '5 minutes' or 30s, found '\(text.prefix(24))'")
        return nil
    }
}
