package import Primitives

extension GatewayCatalog {
    /// A spending limit. Amounts are US dollars.
    package struct Budget: ProtobufMessage, JSONWritable {
        /// The name of the limit in the configuration.
        package var name: String
        /// Identifies the amount that is counted: the limit's name, with what it applies to.
        package var counter: String
        package var amount: Double
        /// The length of the period; `nil` for a calendar month.
        package var periodSeconds: Int64?
        /// What the budget applies to; `nil` for all.
        package var route: String?
        package var key: String?
        package var team: String?
        package var client: String?
        /// Whether requests beyond the budget are rejected.
        package var rejects: Bool
        package var spent: Double
        /// The current period.
        package var window: Range<UnixMilliseconds>

        package init(
            name: String, counter: String, amount: Double, periodSeconds: Int64?, route: String?, key: String?, team: String?,
            client: String?, rejects: Bool, spent: Double, window: Range<UnixMilliseconds>
        ) {
            self.name = name
            self.counter = counter
            self.amount = amount
            self.periodSeconds = periodSeconds
            self.route = route
            self.key = key
            self.team = team
            self.client = client
            self.rejects = rejects
            self.spent = spent
            self.window = window
        }

        package init(_ fields: MessageFields) throws {
            name = try fields.string("name") ?? ""
            counter = try fields.requiredString("counter")
            amount = try fields.requiredDouble("amount_usd")
            periodSeconds = try fields.integer("period_seconds")
            route = try fields.string("route")
            key = try fields.string("key")
            team = try fields.string("team")
            client = try fields.string("client")
            rejects = try fields.bool("rejects") ?? true
            spent = try fields.double("spent_usd") ?? 0
            let (start, end) = (try fields.requiredTime("window_start"), try fields.requiredTime("window_end"))
            guard start <= end else { throw MessageFields.wrongType("window_end", .integer(end.rawValue)) }
            window = start..<end
        }

        package func write(to json: inout JSONWriter) {
            json.object { json in
                json.field("name", name)
                json.field("counter", counter)
                json.field("amount_usd", amount)
                json.nullable("period_seconds", periodSeconds)
                json.nullable("route", route)
                json.nullable("key", key)
                json.nullable("team", team)
                json.nullable("client", client)
                json.field("rejects", rejects)
                json.field("spent_usd", spent)
                json.field("window_start", window.lowerBound)
                json.field("window_end", window.upperBound)
            }
        }
    }
}
