internal import JSON

extension OpenAPISchemas {
    static let administration: Named = [
        "KeyRequest": JSONSchema.object(
            [
                "name": JSONSchema.string("A display name for the key."), "team": JSONSchema.string(),
                "routes": JSONSchema.array(
                    of: JSONSchema.string(), "The endpoints and routes that the key can access. The default is all."),
                "expires": JSONSchema.string("The lifetime of the key: `90d`. By default, the key never expires."),
            ], required: ["name"]),
        "NewKey": JSONSchema.object([
            "key": JSONSchema.string("The key, which is only returned once."), "entry": JSONSchema.reference("Key"),
        ]),
        "Key": JSONSchema.object([
            "id": JSONSchema.string(), "name": JSONSchema.string(), "team": JSONSchema.string(),
            "routes": JSONSchema.array(of: JSONSchema.string()),
            "hint": JSONSchema.string("The beginning and the end of the key."), "created_at": moment, "expires_at": moment,
            "revoked_at": moment,
        ]),
        "Keys": JSONSchema.object(["keys": JSONSchema.array(of: JSONSchema.reference("Key"))]),
        "UsageReport": JSONSchema.object([
            "from": moment, "to": moment, "rows": JSONSchema.array(of: JSONSchema.reference("UsageRow"), "The rows, by descending cost."),
            "total": JSONSchema.reference("UsageRow"),
        ]),
        "UsageRow": JSONSchema.object(
            [
                "requests": JSONSchema.integer(),
                "prompt_tokens": JSONSchema.integer(
                    "All input tokens, including those read from and written to providers' prompt caches."),
                "completion_tokens": JSONSchema.integer(),
                "cached_tokens": JSONSchema.integer("Prompt tokens that providers read from their prompt caches."),
                "cache_write_tokens": JSONSchema.integer("Prompt tokens that providers wrote to their prompt caches."),
                "cache_write_1h_tokens": JSONSchema.integer("The part of `cache_write_tokens` with a lifetime of an hour."),
                "cost_usd": JSONSchema.nullable(JSONSchema.number()),
                "unpriced_requests": JSONSchema.integer("Requests with an unknown cost."), "errors": JSONSchema.integer(),
                "cached": JSONSchema.integer("Requests served from the gateway's cache."),
                "mean_latency_ms": JSONSchema.nullable(JSONSchema.number()),
                "mean_time_to_first_token_ms": JSONSchema.nullable(JSONSchema.number()),
            ], "Totals of requests, with a member for each name in `by`."),
        "Limits": JSONSchema.object([
            "limits": JSONSchema.array(
                of: JSONSchema.object([
                    "limit": JSONSchema.string(), "counter": JSONSchema.string(), "cap": JSONSchema.number(),
                    "spent": JSONSchema.number(),
                    "held": JSONSchema.number("The amount spent or reserved for requests in flight."),
                    "ends_at": JSONSchema.nullable(moment),
                ]))
        ]),
        "Adapters": JSONSchema.object([
            "adapters": JSONSchema.array(of: JSONSchema.anyObject()),
            "rejected": JSONSchema.array(of: JSONSchema.object(["manifest": JSONSchema.string(), "reason": JSONSchema.string()])),
        ]),
    ]

    private static let moment = JSONSchema.integer("Milliseconds since 1970.")
}
