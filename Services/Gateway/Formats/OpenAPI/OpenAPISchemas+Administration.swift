internal import JSON

extension OpenAPISchemas {
    static let administration: Named = [
        "KeyRequest": JSONSchema.object(
            [
                "name": JSONSchema.string("What people call it."), "team": JSONSchema.string(),
                "routes": JSONSchema.array(
                    of: JSONSchema.string(), "The endpoints and routes that it opens; all, if it isn't given."),
                "expires": JSONSchema.string("After how long it is void: `90d`. Never, if it isn't given."),
            ], required: ["name"]),
        "NewKey": JSONSchema.object([
            "key": JSONSchema.string("The key, which is shown this once only."), "entry": JSONSchema.reference("Key"),
        ]),
        "Key": JSONSchema.object([
            "id": JSONSchema.string(), "name": JSONSchema.string(), "team": JSONSchema.string(),
            "routes": JSONSchema.array(of: JSONSchema.string()),
            "hint": JSONSchema.string("How the key begins and ends."), "created_at": moment, "expires_at": moment,
            "revoked_at": moment,
        ]),
        "Keys": JSONSchema.object(["keys": JSONSchema.array(of: JSONSchema.reference("Key"))]),
        "UsageReport": JSONSchema.object([
            "from": moment, "to": moment, "rows": JSONSchema.array(of: JSONSchema.reference("UsageRow"), "The dearest first."),
            "total": JSONSchema.reference("UsageRow"),
        ]),
        "UsageRow": JSONSchema.object(
            [
                "requests": JSONSchema.integer(),
                "prompt_tokens": JSONSchema.integer(
                    "All input tokens, with those read from providers' prompt caches and written to them."),
                "completion_tokens": JSONSchema.integer(),
                "cached_tokens": JSONSchema.integer("Tokens of prompts that providers read from their prompt caches."),
                "cache_write_tokens": JSONSchema.integer("Tokens of prompts that providers wrote to their prompt caches."),
                "cache_write_1h_tokens": JSONSchema.integer("Those of cache_write_tokens that are kept for an hour."),
                "cost_usd": JSONSchema.nullable(JSONSchema.number()),
                "unpriced_requests": JSONSchema.integer("Requests of which the price isn't known."), "errors": JSONSchema.integer(),
                "cached": JSONSchema.integer("Requests that the gateway's cache has answered."),
                "mean_latency_ms": JSONSchema.nullable(JSONSchema.number()),
                "mean_time_to_first_token_ms": JSONSchema.nullable(JSONSchema.number()),
            ], "Sums of requests, with a member for each name in `by`."),
        "Limits": JSONSchema.object([
            "limits": JSONSchema.array(
                of: JSONSchema.object([
                    "limit": JSONSchema.string(), "counter": JSONSchema.string(), "cap": JSONSchema.number(),
                    "spent": JSONSchema.number(),
                    "held": JSONSchema.number("Spent, or reserved for requests that run."), "ends_at": JSONSchema.nullable(moment),
                ]))
        ]),
        "Adapters": JSONSchema.object([
            "adapters": JSONSchema.array(of: JSONSchema.anyObject()),
            "refused": JSONSchema.array(of: JSONSchema.object(["manifest": JSONSchema.string(), "reason": JSONSchema.string()])),
        ]),
    ]

    private static let moment = JSONSchema.integer("Milliseconds since 1970.")
}
