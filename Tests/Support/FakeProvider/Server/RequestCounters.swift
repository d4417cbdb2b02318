internal import JSON

/// Counters for `GET /control/counts`.
struct RequestCounters {
    struct Model {
        /// Responses, complete or not.
        var requests = 0
        var promptTokens = 0
        var completionTokens = 0
        /// The prompt tokens that were read from the prompt cache, written to it, and the part of these written for an hour.
        var readTokens = 0
        var writtenTokens = 0
        var hourTokens = 0
        /// The cost in billionths of a US dollar.
        var bill = 0
        /// Responses whose client disconnected before the end, or that a fault truncated.
        var aborted = 0
        /// Error responses and other faults.
        var errors = 0
    }

    private var models: [String: Model] = [:]
    /// All requests except those to the control API.
    var requests = 0
    /// Accepted connections.
    var connections = 0
    /// Open connections.
    var openConnections = 0

    mutating func completed(_ model: String, _ tokens: Tokens) {
        update(model) { counts in
            counts.requests += 1
            counts.promptTokens += tokens.prompt
            counts.completionTokens += tokens.completion
            counts.readTokens += tokens.read
            counts.writtenTokens += tokens.allWritten
            counts.hourTokens += tokens.writtenForAnHour
            counts.bill += tokens.bill
        }
    }

    /// - Parameter tokens: the tokens of the prompt, if the response has started, and the sent tokens of the completion.
    mutating func aborted(_ model: String, _ tokens: Tokens) {
        completed(model, tokens)
        update(model) { $0.aborted += 1 }
    }

    mutating func failed(_ model: String) {
        update(model) { $0.errors += 1 }
    }

    private mutating func update(_ model: String, _ change: (inout Model) -> Void) {
        change(&models[model, default: Model()])
    }

    mutating func reset() {
        models = [:]
        requests = 0
        connections = openConnections
    }

    var json: JSONValue {
        let models = models.sorted { $0.key < $1.key }.map { name, counts in
            JSONObject.Member(
                name: name,
                value: [
                    "requests": .integer(Int64(counts.requests)), "prompt_tokens": .integer(Int64(counts.promptTokens)),
                    "completion_tokens": .integer(Int64(counts.completionTokens)), "aborted": .integer(Int64(counts.aborted)),
                    "errors": .integer(Int64(counts.errors)), "cached_tokens": .integer(Int64(counts.readTokens)),
                    "cache_write_tokens": .integer(Int64(counts.writtenTokens)),
                    "cache_write_1h_tokens": .integer(Int64(counts.hourTokens)), "bill": .integer(Int64(counts.bill)),
                ])
        }
        return [
            "requests": .integer(Int64(requests)), "by_model": .object(JSONObject(models)),
            "connections": .integer(Int64(connections)), "open_connections": .integer(Int64(openConnections)),
        ]
    }
}
