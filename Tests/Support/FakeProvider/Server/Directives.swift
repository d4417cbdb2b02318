/// Instructions to the fake provider, in double brackets in the model's name or in the last user message (or the prompt or input):
/// `Tell me a joke [[status=429 retry-after=1]]`. Several brackets are combined; those in the text take precedence.
///
/// Instead of a response:
/// - `status=429`: responds with this error status, in the provider's format. `retry-after=1` and `retry-after-ms=200` add the headers.
/// - `delay=0.5`: waits for the given number of seconds first, with or without another fault.
/// - `hang`: never responds.
/// - `reset`: resets the connection; `close`: closes it.
/// - `garbage`: sends a body, or an event in a stream, that isn't JSON. `no-http`: sends bytes that aren't HTTP.
/// - `wrong-length`: announces a longer body than it sends, and closes the connection.
/// - `endless-headers`: sends headers until the client disconnects.
///
/// In the middle of a stream:
/// - `reset-after=3`: resets the connection after 3 events; `end-after=3`: ends the stream there as if it were complete.
/// - `half-event`: ends the stream in the middle of its second event; without a stream, sends half of the body.
/// - `error-after=3`: sends an error in the provider's format after 3 events, and ends (500, or the `status`).
///
/// For errors, with or without a stream:
/// - `leak`: the error quotes the headers of the request, including the key, and contains a stack trace and file paths.
///
/// For successful responses:
/// - `words=100`: responds with the given number of words instead of an echo (at most 100,000).
/// - `pace=0.02`: waits for the given number of seconds between the events of a stream.
/// - `split=7`: sends a stream in pieces of the given number of bytes, regardless of events.
///
/// For the usage, in addition to the words of the prompt (see `Tokens`):
/// - `read=5 write=6 write-1h=7`: additional tokens read from the prompt cache, or written to it for minutes or an hour.
/// - `tools=3`: additional tokens of tool results, if the provider reports them separately.
/// - `tier=flex`: responds at this service tier instead of the requested one.
///
/// `fail=2` limits the faults to the first 2 attempts with exactly this text (and this model, if its name has directives), `once` to the
/// first.
struct Directives {
    var status: Int?
    var retryAfter: String?
    var retryAfterMilliseconds: String?
    var delay = 0.0
    var hangs = false
    var resets = false
    var closes = false
    var isGarbage = false
    var isNoHTTP = false
    var hasWrongLength = false
    var hasEndlessHeaders = false
    var resetAfter: Int?
    var endAfter: Int?
    var errorAfter: Int?
    var halvesEvent = false
    var words: Int?
    var pace = 0.0
    var split: Int?
    var leaks = false
    /// The end of an error message of a leaking provider; set when the request is known.
    var leak = ""
    var read = 0
    var write = 0
    var writeForAnHour = 0
    var tools = 0
    var tier: Tokens.Tier?
    /// The number of failing attempts; `nil` if all fail.
    var failures: Int?
    private(set) var isInModel = false

    static let maximumWords = 100_000

    init(model: String, text: String) {
        isInModel = read(model)
        _ = read(text)
    }

    /// The directives without faults.
    var withoutFaults: Directives {
        var rest = Directives(model: "", text: "")
        (rest.words, rest.pace, rest.split) = (words, pace, split)
        (rest.read, rest.write, rest.writeForAnHour, rest.tools, rest.tier) = (read, write, writeForAnHour, tools, tier)
        return rest
    }

    /// Whether there are any faults.
    private mutating func read(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "[")) else { return false }
        var found = false
        var rest = text[...]
        while let start = rest.firstRange(of: "[["), let end = rest[start.upperBound...].firstRange(of: "]]") {
            found = true
            for word in rest[start.upperBound..<end.lowerBound].split(separator: " ") {
                let parts = word.split(separator: "=", maxSplits: 1)
                take(parts[0], parts.count > 1 ? String(parts[1]) : "")
            }
            rest = rest[end.upperBound...]
        }
        return found
    }

    private mutating func take(_ name: Substring, _ value: String) {
        switch name {
        case "status": status = Int(value)
        case "retry-after": retryAfter = value
        case "retry-after-ms": retryAfterMilliseconds = value
        case "delay": delay = Double(value) ?? 0
        case "hang": hangs = true
        case "reset": resets = true
        case "close": closes = true
        case "garbage": isGarbage = true
        case "no-http": isNoHTTP = true
        case "wrong-length": hasWrongLength = true
        case "endless-headers": hasEndlessHeaders = true
        case "reset-after": resetAfter = Int(value)
        case "end-after": endAfter = Int(value)
        case "error-after": errorAfter = Int(value)
        case "half-event": halvesEvent = true
        case "words": words = Int(value).map { min($0, Self.maximumWords) }
        case "pace": pace = Double(value) ?? 0
        case "split": split = Int(value).flatMap { $0 > 0 ? $0 : nil }
        case "leak": leaks = true
        case "read": read = Int(value) ?? 0
        case "write": write = Int(value) ?? 0
        case "write-1h": writeForAnHour = Int(value) ?? 0
        case "tools": tools = Int(value) ?? 0
        case "tier": tier = Tokens.Tier(rawValue: value)
        case "fail": failures = Int(value)
        case "once": failures = 1
        default: break  // The text may contain other brackets.
        }
    }
}

/// Counts the attempts of each text with a limited number of failures.
struct AttemptCounter {
    private var counts: [String: Int] = [:]
    private static let maximum = 100_000

    /// The directives for this attempt.
    mutating func directives(for response: Response) -> Directives {
        guard let failures = response.directives.failures else { return response.directives }
        let key = response.directives.isInModel ? "\(response.model)\n\(response.text)" : response.text
        let tries = counts[key, default: 0]
        if counts.count < Self.maximum || tries > 0 { counts[key] = tries + 1 }
        return tries < failures ? response.directives : response.directives.withoutFaults
    }
}
