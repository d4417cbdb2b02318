package import Primitives

/// Usage of the gateway over a span of time.
package struct UsageReport: ProtobufMessage, JSONWritable {
    /// The beginning of the span, included.
    package var from: UnixMilliseconds
    /// The end of the span, not included.
    package var to: UnixMilliseconds
    /// A row for each combination of the dimensions, most expensive first.
    package var rows: [Row]
    package var total: Row

    package init(from: UnixMilliseconds, to: UnixMilliseconds, rows: [Row], total: Row) {
        self.from = from
        self.to = to
        self.rows = rows
        self.total = total
    }

    package init(_ fields: MessageFields) throws {
        from = try fields.time("from") ?? UnixMilliseconds(0)
        to = try fields.time("to") ?? UnixMilliseconds(0)
        rows = try fields.messages("rows")
        total = try fields.message("total") ?? Row()
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("from", from)
            json.field("to", to)
            json.list("rows", rows)
            json.field("total", total)
        }
    }

    /// What rows can be grouped by.
    package enum Dimension: String, Sendable, CaseIterable {
        case team, key, route, provider, model, status, day, hour
    }

    /// The usage of one combination of dimensions.
    package struct Row: Sendable {
        /// The names and values of the dimensions: strings, numbers, the beginning of a day or an hour, or null.
        package var dimensions = JSONObject()
        package var requests: Int64 = 0
        package var promptTokens: Int64 = 0
        package var completionTokens: Int64 = 0
        package var cachedTokens: Int64 = 0
        package var cacheWriteTokens: Int64 = 0
        package var cacheWrite1hTokens: Int64 = 0
        /// In US dollars; `nil` if no request has a known price, also without requests. Requests without one aren't part of the sum.
        ///
        /// `nil` is sent as 0 unless there are unpriced requests; a 0 without unpriced requests is read as `nil`.
        package var cost: Double?
        package var unpricedRequests: Int64 = 0
        package var errors: Int64 = 0
        /// The number of responses from the gateway's own cache.
        package var cached: Int64 = 0
        /// In milliseconds; `nil` without requests.
        package var meanLatency: Double?
        /// In milliseconds; `nil` without streams.
        package var meanTimeToFirstToken: Double?

        package init() {}
    }
}

extension UsageReport.Row: ProtobufMessage, JSONWritable {
    package init(_ fields: MessageFields) throws {
        for name in UsageReport.Dimension.allCases.map(\.rawValue) where fields.isPresent(name) {
            dimensions[name] = try fields.value(name) ?? .null
        }
        requests = try fields.integer("requests") ?? 0
        promptTokens = try fields.integer("prompt_tokens") ?? 0
        completionTokens = try fields.integer("completion_tokens") ?? 0
        cachedTokens = try fields.integer("cached_tokens") ?? 0
        cacheWriteTokens = try fields.integer("cache_write_tokens") ?? 0
        cacheWrite1hTokens = try fields.integer("cache_write_1h_tokens") ?? 0
        cost = try fields.double("cost_usd")
        unpricedRequests = try fields.integer("unpriced_requests") ?? 0
        if cost == 0, unpricedRequests == 0 { cost = nil }
        errors = try fields.integer("errors") ?? 0
        cached = try fields.integer("cached") ?? 0
        meanLatency = try fields.double("mean_latency_ms")
        meanTimeToFirstToken = try fields.double("mean_time_to_first_token_ms")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            for dimension in dimensions.members {
                json.name(dimension.name)
                dimension.value.write(to: &json)
            }
            json.field("requests", requests)
            json.field("prompt_tokens", promptTokens)
            json.field("completion_tokens", completionTokens)
            json.field("cached_tokens", cachedTokens)
            json.field("cache_write_tokens", cacheWriteTokens)
            json.field("cache_write_1h_tokens", cacheWrite1hTokens)
            if cost != nil || unpricedRequests > 0 { json.nullable("cost_usd", cost) } else { json.field("cost_usd", 0 as Int64) }
            json.field("unpriced_requests", unpricedRequests)
            json.field("errors", errors)
            json.field("cached", cached)
            json.nullable("mean_latency_ms", meanLatency)
            json.nullable("mean_time_to_first_token_ms", meanTimeToFirstToken)
        }
    }
}
