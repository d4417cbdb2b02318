internal import JSON

extension OpenAPISchemas {
    static let administration: Named = [
        "KeyRequest": Schema.object(
            [
                "name": Schema.text("What people call it."), "team": Schema.text(),
                "routes": Schema.list(of: Schema.text(), "The endpoints and routes that it opens; all, if it isn't given."),
                "expires": Schema.text("After how long it is void: `90d`. Never, if it isn't given."),
            ], required: ["name"]),
        "NewKey": Schema.object([
            "key": Schema.text("The key, which is shown this once only."), "entry": Schema.reference("Key"),
        ]),
        "Key": Schema.object([
            "id": Schema.text(), "name": Schema.text(), "team": Schema.text(), "routes": Schema.list(of: Schema.text()),
            "hint": Schema.text("How the key begins and ends."), "created_at": moment, "expires_at": moment, "revoked_at": moment,
        ]),
        "Keys": Schema.object(["keys": Schema.list(of: Schema.reference("Key"))]),
        "UsageReport": Schema.object([
            "from": moment, "to": moment, "rows": Schema.list(of: Schema.reference("UsageRow"), "The dearest first."),
            "total": Schema.reference("UsageRow"),
        ]),
        "UsageRow": Schema.object(
            [
                "requests": Schema.integer(),
                "prompt_tokens": Schema.integer("All input tokens, with those read from providers' prompt caches and written to them."),
                "completion_tokens": Schema.integer(),
                "cached_tokens": Schema.integer("Tokens of prompts that providers read from their prompt caches."),
                "cache_write_tokens": Schema.integer("Tokens of prompts that providers wrote to their prompt caches."),
                "cache_write_1h_tokens": Schema.integer("Those of cache_write_tokens that are kept for an hour."), "cost_usd": Schema.orNull(Schema.number()),
                "unpriced_requests": Schema.integer("Requests of which the price isn't known."), "errors": Schema.integer(),
                "cached": Schema.integer("Requests that the gateway's cache has answered."),
                "mean_latency_ms": Schema.orNull(Schema.number()), "mean_time_to_first_token_ms": Schema.orNull(Schema.number()),
            ], "Sums of requests, with a member for each name in `by`."),
        "Limits": Schema.object([
            "limits": Schema.list(
                of: Schema.object([
                    "limit": Schema.text(), "counter": Schema.text(), "cap": Schema.number(), "spent": Schema.number(),
                    "held": Schema.number("Spent, or reserved for requests that run."), "ends_at": Schema.orNull(moment),
                ]))
        ]),
        "Adapters": Schema.object([
            "adapters": Schema.list(of: Schema.anyObject()),
            "refused": Schema.list(of: Schema.object(["manifest": Schema.text(), "reason": Schema.text()])),
        ]),
    ]

    private static let moment = Schema.integer("Milliseconds since 1970.")
}
