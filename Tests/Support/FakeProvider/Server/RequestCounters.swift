internal import JSON

/// What was answered, for `GET /control/counts`.
struct RequestCounters {
    struct Model {
        /// Answers, whole or not.
        var requests = 0
        var promptTokens = 0
        var completionTokens = 0
        /// Of the prompts: read from the prompt cache, written to it, and of these, kept for an hour.
        var readTokens = 0
        var writtenTokens = 0
        var hourTokens = 0
        /// In billionths of a US dollar.
        var bill = 0
        /// Answers whose client went away before the end, or that a fault cut.
        var aborted = 0
        /// Refusals and other faults.
        var errors = 0
    }

    private var models: [String: Model] = [:]
    /// All that came, but for those to the control surface.
    var requests = 0
    /// Connections that were accepted.
    var connections = 0
    /// Connections that are open now.
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

    /// - Parameter tokens: those of the prompt, if its response had begun, and those of the completion that were sent.
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
