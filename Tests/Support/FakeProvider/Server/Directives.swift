/// What a request asks this fake to do, by words in double brackets in the model's name or in the last text of the user (of the
/// prompt, of the input): `Tell me a joke [[status=429 retry-after=1]]`. Several brackets count together; those in the text win.
///
/// Instead of a response:
/// - `status=429`: refuses with this status, in the provider's form. `retry-after=1` and `retry-after-ms=200` add the headers.
/// - `delay=0.5`: waits for so many seconds first, with or without another fault.
/// - `hang`: never answers.
/// - `reset`: resets the connection; `close`: closes it.
/// - `garbage`: a body that is not JSON, and in streams an event that isn't. `no-http`: bytes that are no HTTP.
/// - `wrong-length`: announces a longer body than it sends, and closes.
/// - `endless-headers`: sends headers until the client goes away.
///
/// In the middle of a stream:
/// - `reset-after=3`: resets the connection after 3 events; `end-after=3`: ends the stream there, as if it were whole.
/// - `half-event`: ends the stream in the middle of its second event; without a stream, sends half of the body.
/// - `error-after=3`: tells of an error in the provider's form after 3 events, and ends (500, or the `status`).
///
/// Of errors, with or without a stream:
/// - `leak`: the error quotes the headers of the request, with the key, and shows a stack trace and the paths of files.
///
/// How it answers, which is no fault:
/// - `words=100`: with so many words instead of an echo (at most 100,000).
/// - `pace=0.02`: so many seconds between the events of a stream.
/// - `split=7`: sends a stream in pieces of so many bytes, wherever events end.
///
/// What it charges, beside the words of the prompt (see `Tokens`):
/// - `read=5 write=6 write-1h=7`: so many tokens more that the prompt cache had, or that are written to it for minutes or an hour.
/// - `tools=3`: so many tokens more that tools gave the model to read, where a provider tells them apart.
/// - `tier=flex`: answers at this service tier, and not at the one that was asked for.
///
/// `fail=2` limits the faults to the first 2 tries of exactly this text (and this model, if its name has directives), `once` to the
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
    /// What an error of a provider that leaks ends with; set where the request is known.
    var leak = ""
    var read = 0
    var write = 0
    var writeForAnHour = 0
    var tools = 0
    var tier: Tokens.Tier?
    /// How many tries fail; `nil` when all do.
    var failures: Int?
    private(set) var isInModel = false

    static let maximumWords = 100_000

    init(model: String, text: String) {
        isInModel = read(model)
        _ = read(text)
    }

    /// The same without faults: only how to respond.
    var withoutFaults: Directives {
        var rest = Directives(model: "", text: "")
        (rest.words, rest.pace, rest.split) = (words, pace, split)
        (rest.read, rest.write, rest.writeForAnHour, rest.tools, rest.tier) = (read, write, writeForAnHour, tools, tier)
        return rest
    }

    /// Whether there are any.
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
        default: break  // A text may have brackets of its own.
        }
    }
}

/// How often each text was tried that fails only so many times.
struct AttemptCounter {
    private var counts: [String: Int] = [:]
    private static let maximum = 100_000

    /// What to do at this try.
    mutating func directives(for response: Response) -> Directives {
        guard let failures = response.directives.failures else { return response.directives }
        let key = response.directives.isInModel ? "\(response.model)\n\(response.text)" : response.text
        let tries = counts[key, default: 0]
        if counts.count < Self.maximum || tries > 0 { counts[key] = tries + 1 }
        return tries < failures ? response.directives : response.directives.withoutFaults
    }
}
