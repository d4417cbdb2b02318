/// Tokens, which are words here, and what else decides what they cost.
struct Tokens: Equatable {
    /// All that the model has read.
    var prompt = 0
    /// Of the prompt: read from the prompt cache.
    var read = 0
    /// Of the prompt: written to the prompt cache for minutes, and for an hour.
    var written = 0
    var writtenForAnHour = 0
    /// Of the prompt: what tools gave the model to read.
    var tools = 0
    var completion = 0
    /// The service tier that answers.
    var tier = Tier.standard

    enum Tier: String {
        case standard = "default"
        case flex, priority
    }

    var total: Int { prompt + completion }
    /// Of the prompt: what the prompt cache has nothing to do with.
    var input: Int { prompt - read - allWritten }
    var allWritten: Int { written + writtenForAnHour }

    /// What this provider charges, in billionths of a US dollar, whatever the model: 0.04 dollars for a million tokens of input, a
    /// tenth of it for what the cache had, 1.25 and 2 times as much for what is written to it, 0.6 for a million tokens of responses;
    /// half of all at the tier `flex`, twice as much at `priority`.
    var bill: Int {
        let usual = input * 40 + read * 4 + written * 50 + writtenForAnHour * 80 + completion * 600
        return switch tier {
        case .standard: usual
        case .flex: usual / 2
        case .priority: usual * 2
        }
    }
}
