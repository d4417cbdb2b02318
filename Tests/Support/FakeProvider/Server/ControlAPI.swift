internal import JSON

/// The endpoints for tests:
/// - `GET /control/counts`: `{"requests", "by_model": {model: {"requests", "prompt_tokens", "completion_tokens", "aborted",
///   "errors", "cached_tokens", "cache_write_tokens", "cache_write_1h_tokens", "bill"}}, "connections", "open_connections"}`; the bill
///   is in billionths of a US dollar, see `Tokens`
/// - `GET /control/requests?last=N`: the most recent requests, `[{"method", "path", "headers", "body", "body_length"}]`
/// - `POST /control/reset`: resets all of it
enum ControlAPI {
    static let prefix = "/control/"

    static func response(_ request: Request, _ provider: Provider) -> (status: Int, body: JSONValue) {
        switch (request.method, request.path.dropFirst(prefix.count)) {
        case ("GET", "counts"): return (200, provider.counts.json)
        case ("GET", "requests"): return (200, provider.recent.json(last: Int(request.parameter("last") ?? "") ?? 20))
        case ("POST", "reset"):
            provider.reset()
            return (200, [:])
        default: return (404, ["error": "GET /control/counts, GET /control/requests?last=N or POST /control/reset"])
        }
    }
}
