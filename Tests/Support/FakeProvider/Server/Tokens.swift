/// The usage of a request, in which tokens are words, and its service tier.
struct Tokens: Equatable {
    /// All input tokens.
    var prompt = 0
    /// The part of the prompt that was read from the prompt cache.
    var read = 0
    /// The parts of the prompt that were written to the prompt cache for minutes and for an hour.
    var written = 0
    var writtenForAnHour = 0
    /// The part of the prompt that consists of tool results.
    var tools = 0
    var completion = 0
    /// The service tier of the response.
    var tier = Tier.standard

    enum Tier: String {
        case standard = "default"
        case flex, priority
    }

    var total: Int { prompt + completion }
    /// The part of the prompt without tokens of the prompt cache.
    var input: Int { prompt - read - allWritten }
    var allWritten: Int { written + writtenForAnHour }

    /// The price in billionths of a US dollar, for all models: 0.04 dollars per million input tokens, a tenth of that for cache reads, 1.25
    /// and 2 times as much for cache writes, 0.6 dollars per million output tokens; half of it at the tier `flex`, twice as much at
    /// `priority`.
    var bill: Int {
        let usual = input * 40 + read * 4 + written * 50 + writtenForAnHour * 80 + completion * 600
        return switch tier {
        case .standard: usual
        case .flex: usual / 2
        case .priority: usual * 2
        }
    }
}
