internal import JSON
internal import Primitives

/// A row of the ledger: a request, or an earlier attempt at one.
struct UsageRecord: Sendable, Equatable {
    /// Properties of a row, as bits that are stored in the database.
    struct Flags: OptionSet, Sendable, Equatable {
        let rawValue: Int64

        /// The response came from the gateway's own cache.
        static let cached = Flags(rawValue: 1)
        static let streamed = Flags(rawValue: 2)
        /// The client disconnected before the end of the response.
        static let abandoned = Flags(rawValue: 4)
        /// The provider reported no usage, so it was estimated.
        static let estimated = Flags(rawValue: 8)
        /// The gateway ended before the request did.
        static let interrupted = Flags(rawValue: 16)
        /// The provider's stream broke off or ended with an error.
        static let broken = Flags(rawValue: 32)
        /// Not a request, but the cost of an earlier attempt at one, whose response was discarded.
        static let earlierAttempt = Flags(rawValue: 64)
    }

    /// A number that is unique within the process that writes the record.
    var sequence: Int64
    /// When the request arrived.
    var at: UnixMilliseconds
    var team: String?
    var key: String?
    var route: String
    var provider: String?
    var model: String?
    var promptTokens: Int64?
    var completionTokens: Int64?
    /// Prompt tokens that were read from the provider's prompt cache.
    var cachedTokens: Int64?
    /// Prompt tokens that were written to the provider's prompt cache, whatever their lifetime.
    var cacheWriteTokens: Int64?
    /// The part of `cacheWriteTokens` that is kept for an hour.
    var cacheWrite1hTokens: Int64?
    /// `nil` if unknown.
    var cost: NanoDollars?
    var latency = Microseconds.zero
    /// The time to the first event of a stream.
    var firstToken: Microseconds?
    /// The HTTP status of the response to the client.
    var status: Int64 = 0
    var flags: Flags = []
    /// The number of calls to providers.
    var attempts: Int64 = 0
    /// What the request takes from limits: first what is reserved, finally what is spent.
    var debits: [Debit] = []

    /// Whether both records have the same team, key, route, provider and model.
    func hasSameNames(as other: UsageRecord) -> Bool {
        team == other.team && key == other.key && route == other.route && provider == other.provider && model == other.model
    }
}

// The format in the usage log: an array, since member names would make up most of an object.
extension UsageRecord {
    /// Writes an array of 17 elements, which `init(_:)` reads.
    func write(to json: inout JSONWriter) {
        json.array { json in
            json.integer(sequence)
            json.integer(at.rawValue)
            json.element(team)
            json.element(key)
            json.string(route)
            json.element(provider)
            json.element(model)
            json.element(promptTokens)
            json.element(completionTokens)
            writeCache(to: &json)
            json.element(cost?.rawValue)
            json.integer(latency.rawValue)
            json.element(firstToken?.rawValue)
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

    /// Writes the tokens read from the prompt cache, or an array of these and of the tokens written to it. Gateways of versions
    /// without cache writes can still read the rest of such a line, and their lines can be read here.
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

    /// Decodes what `write(to:)` has written; `nil` for anything else.
    init?(_ json: JSONValue) {
        guard let list = json.arrayValue, list.count == 17, let sequence = list[0].integerValue, let at = list[1].integerValue,
            let route = list[4].stringValue, let latency = list[11].integerValue, let status = list[13].integerValue,
            let flags = list[14].integerValue, let attempts = list[15].integerValue, let debits = list[16].arrayValue,
            debits.count.isMultiple(of: 3)
        else { return nil }
        self.init(
            sequence: sequence, at: UnixMilliseconds(at), team: list[2].stringValue, key: list[3].stringValue, route: route,
            provider: list[5].stringValue, model: list[6].stringValue, promptTokens: list[7].integerValue,
            completionTokens: list[8].integerValue, cost: list[10].integerValue.map { NanoDollars($0) },
            latency: Microseconds(latency), firstToken: list[12].integerValue.map { Microseconds($0) },
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
