internal import JSON

/// A request in the ledger.
struct UsageRecord: Sendable, Equatable {
    struct Flags: OptionSet, Sendable, Equatable {
        let rawValue: Int64

        /// The response came from the gateway's own cache.
        static let cached = Flags(rawValue: 1)
        static let streamed = Flags(rawValue: 2)
        /// The client went away before the end.
        static let abandoned = Flags(rawValue: 4)
        /// The provider said nothing of what was used, so it was estimated.
        static let estimated = Flags(rawValue: 8)
        /// The gateway ended before the request did.
        static let interrupted = Flags(rawValue: 16)
        /// The provider cut off its stream or ended it with an error.
        static let broken = Flags(rawValue: 32)
        /// No request, but what an earlier attempt of one cost whose response nobody got.
        static let earlierAttempt = Flags(rawValue: 64)
    }

    /// Counted by the process that writes it.
    var sequence: Int64
    /// When the request came, in milliseconds since 1970.
    var at: Int64
    var team: String?
    var key: String?
    var route: String
    var provider: String?
    var model: String?
    var promptTokens: Int64?
    var completionTokens: Int64?
    /// Of the prompt's: read from the provider's prompt cache.
    var cachedTokens: Int64?
    /// Of the prompt's: written to the provider's prompt cache, however long they are kept.
    var cacheWriteTokens: Int64?
    /// Of `cacheWriteTokens`: those that are kept for an hour.
    var cacheWrite1hTokens: Int64?
    /// In billionths of a US dollar; `nil`: unknown.
    var cost: Int64?
    /// Microseconds.
    var latency: Int64 = 0
    /// Microseconds to the first event of a stream.
    var firstToken: Int64?
    /// The status that the client got.
    var status: Int64 = 0
    var flags: Flags = []
    /// How many times a provider was asked.
    var attempts: Int64 = 0
    /// What it takes of limits: at first what is reserved, in the end what is spent.
    var debits: [Debit] = []

    /// Whether all names are the same.
    func hasSameNames(as other: UsageRecord) -> Bool {
        team == other.team && key == other.key && route == other.route && provider == other.provider && model == other.model
    }
}

// The form in the usage log: a list, as names would be most of it.
extension UsageRecord {
    func write(to json: inout JSONWriter) {
        json.array { json in
            json.integer(sequence)
            json.integer(at)
            json.element(team)
            json.element(key)
            json.string(route)
            json.element(provider)
            json.element(model)
            json.element(promptTokens)
            json.element(completionTokens)
            writeCache(to: &json)
            json.element(cost)
            json.integer(latency)
            json.element(firstToken)
            json.integer(status)
            json.integer(flags.rawValue)
            json.integer(attempts)
            json.array { json in
                for debit in debits {
                    json.string(debit.counter)
                    json.integer(debit.window)
                    json.integer(debit.amount)
                }
            }
        }
    }

    /// What was read from the prompt cache, or a list of that and of what was written to it: gateways of before it was known read the
    /// rest of such a line all the same, and lines of theirs are read here.
    private func writeCache(to json: inout JSONWriter) {
        guard cacheWriteTokens != nil || cacheWrite1hTokens != nil else { return json.element(cachedTokens) }
        json.array { json in
            json.element(cachedTokens)
            json.element(cacheWriteTokens)
            json.element(cacheWrite1hTokens)
        }
    }

    private mutating func readCache(_ json: JSONValue) {
        guard let list = json.arrayValue else {
            cachedTokens = json.integerValue
            return
        }
        guard list.count == 3 else { return }
        (cachedTokens, cacheWriteTokens, cacheWrite1hTokens) = (list[0].integerValue, list[1].integerValue, list[2].integerValue)
    }

    /// `nil` for what `write` hasn't written.
    init?(_ json: JSONValue) {
        guard let list = json.arrayValue, list.count == 17, let sequence = list[0].integerValue, let at = list[1].integerValue,
            let route = list[4].stringValue, let latency = list[11].integerValue, let status = list[13].integerValue,
            let flags = list[14].integerValue, let attempts = list[15].integerValue, let debits = list[16].arrayValue,
            debits.count.isMultiple(of: 3)
        else { return nil }
        self.init(
            sequence: sequence, at: at, team: list[2].stringValue, key: list[3].stringValue, route: route, provider: list[5].stringValue,
            model: list[6].stringValue, promptTokens: list[7].integerValue, completionTokens: list[8].integerValue,
            cost: list[10].integerValue, latency: latency, firstToken: list[12].integerValue,
            status: status, flags: Flags(rawValue: flags), attempts: attempts)
        readCache(list[9])
        self.debits = stride(from: 0, to: debits.count, by: 3).compactMap { index in
            guard let counter = debits[index].stringValue, let window = debits[index + 1].integerValue,
                let amount = debits[index + 2].integerValue
            else { return nil }
            return Debit(counter: counter, window: window, amount: amount)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func element(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    fileprivate mutating func element(_ number: Int64?) {
        if let number { integer(number) } else { null() }
    }
}
