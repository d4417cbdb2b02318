package import Primitives

/// How much of a limit's or budget's current window is taken, for one of its counters. Amounts are what the limit counts: requests,
/// tokens, or US dollars.
package struct LimitUsage: Equatable, ProtobufMessage, JSONWritable {
    /// The name of the limit in the configuration.
    package var limit: String
    /// Identifies the amount that is counted: the limit's name, with what it applies to.
    package var counter: String
    package var cap: Double
    package var spent: Double
    /// The amount that is spent, or reserved by gateways for requests in flight.
    package var held: Double
    /// The end of the window; `nil` for a limit of concurrent requests.
    package var endsAt: UnixMilliseconds?

    package init(limit: String, counter: String, cap: Double, spent: Double, held: Double, endsAt: UnixMilliseconds?) {
        self.limit = limit
        self.counter = counter
        self.cap = cap
        self.spent = spent
        self.held = held
        self.endsAt = endsAt
    }

    package init(_ fields: MessageFields) throws {
        limit = try fields.string("limit") ?? ""
        counter = try fields.string("counter") ?? ""
        cap = try fields.double("cap") ?? 0
        spent = try fields.double("spent") ?? 0
        held = try fields.double("held") ?? 0
        endsAt = try fields.time("ends_at")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("limit", limit)
            json.field("counter", counter)
            json.field("cap", cap)
            json.field("spent", spent)
            json.field("held", held)
            json.nullable("ends_at", endsAt?.rawValue)
        }
    }
}

/// A list of the limits and budgets.
package enum ListLimits {
    /// The counters that have a current window.
    package struct Response: ProtobufMessage, JSONWritable {
        package var limits: [LimitUsage]

        package init(limits: [LimitUsage]) { self.limits = limits }

        package init(_ fields: MessageFields) throws { limits = try fields.messages("limits") }

        package func write(to json: inout JSONWriter) { json.object { $0.list("limits", limits) } }
    }
}
