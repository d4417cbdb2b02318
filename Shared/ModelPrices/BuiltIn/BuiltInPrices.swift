internal import Primitives

/// List prices of popular models in US dollars per million tokens, from MLflow's model catalog (`mlflow/utils/model_catalog` of MLflow
/// 3.17.2) and the providers' pricing pages as of October 2026. The `prices` of the configuration take precedence.
///
/// A line consists of the names of models, the input price and the output price, followed by optional named values: the prices of
/// prompt tokens that are read from the provider's cache (`cached`), written to it (`write`) or written for one hour (`write1h`), and
/// the maximum number of tokens of a response (`max`) and of a prompt (`window`).
/// A trailing `+` continues the names on the next line. Indented lines apply to the models above:
/// - `over 200000 …`: prices for longer prompts
/// - `tier priority …`: prices of a service tier
/// - `audio 40 80`: prices of audio in prompts and responses
/// - `geo us 1.1`: a multiplier for a value of Anthropic's `inference_geo`
/// - `search 0.01`: the price of one web search
enum BuiltInPrices {
    static let all: [String: ModelPrice] = {
        var prices: [String: ModelPrice] = [:]
        for text in [openAI, anthropic, bedrock, gemini, modelVendors, inferenceProviders] { read(text, into: &prices) }
        let free = ["ollama/*", "vllm/*", "huggingface-text-generation-inference/*", "mlflow-model-serving/*", "unladen-worker/*"]
        for name in free { prices[name] = ModelPrice(TokenRates(input: .zero, output: .zero)) }
        return prices
    }()

    /// Parses a price list. The first line for a model takes precedence.
    ///
    /// - Returns: the invalid lines.
    @discardableResult static func read(_ text: String, into prices: inout [String: ModelPrice]) -> [Substring] {
        var wrong: [Substring] = []
        var names: [String] = []
        var price: ModelPrice?
        func finishModel() {
            price?.fillAudio()
            for name in names where prices[name] == nil { prices[name] = price }
            (names, price) = ([], nil)
        }
        for line in text.split(separator: "\n") {
            var words = line.split(separator: " ")
            if line.hasPrefix(" ") {
                if price == nil || !add(words, to: &price) { wrong.append(line) }
                continue
            }
            if price != nil { finishModel() }
            guard let separator = words.firstIndex(of: "=") else {
                if words.last == "+" { names += words.dropLast().map(String.init) } else { wrong.append(line) }
                continue
            }
            names += words[..<separator].map(String.init)
            words = Array(words[(separator + 1)...])
            let maxTokens = word(after: "max", in: words).flatMap { Int64($0) }
            let window = word(after: "window", in: words).flatMap { Int64($0) }
            price = rates(words).map { ModelPrice($0, maxOutputTokens: maxTokens, contextWindow: window) }
            if price == nil { wrong.append(line) }
        }
        finishModel()
        return wrong
    }

    /// Adds an indented line to a price.
    ///
    /// - Returns: whether the line is valid.
    private static func add(_ words: [Substring], to price: inout ModelPrice?) -> Bool {
        guard let kind = words.first else { return false }
        switch kind {
        case "over":
            guard words.count > 2, let threshold = Int64(words[1]), let rates = rates(Array(words.dropFirst(2))) else { return false }
            price?.standard.longContext.append(.init(threshold: threshold, rates: rates))
        case "tier":
            guard words.count > 2, let rates = rates(Array(words.dropFirst(2))) else { return false }
            price?.serviceTiers[String(words[1])] = .init(rates)
        case "audio":
            guard words.count > 1, let input = amount(words[1]) else { return false }
            price?.standard.rates.audioInput = input
            price?.standard.rates.audioOutput = words.count > 2 ? amount(words[2]) : nil
        case "geo":
            guard words.count == 3, let factor = Double(words[2]) else { return false }
            price?.inferenceGeo[String(words[1])] = Int64((factor * 1000).rounded())
        case "search":
            guard words.count == 2, let dollars = Double(words[1]) else { return false }
            price?.webSearch = NanoDollars(dollars: dollars)
        default: return false
        }
        return true
    }

    private static func rates(_ words: [Substring]) -> TokenRates? {
        guard words.count >= 2, let input = amount(words[0]), let output = amount(words[1]) else { return nil }
        func named(_ name: Substring) -> PicoDollars? { word(after: name, in: words).flatMap(amount) }
        return TokenRates(
            input: input, output: output, cachedInput: named("cached"), cacheWrite: named("write"), cacheWrite1h: named("write1h"))
    }

    private static func word(after name: Substring, in words: [Substring]) -> Substring? {
        guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
        return words[index + 1]
    }

    private static func amount(_ word: Substring) -> PicoDollars? { Double(word).map(TokenRates.perMillion) }
}

extension ModelPrice {
    /// Sets the audio rates of all tiers and lengths to the text rates if the list gives the same price for audio and text.
    fileprivate mutating func fillAudio() {
        guard standard.rates.audioInput == standard.rates.input else { return }
        func filled(_ rates: TokenRates) -> TokenRates {
            var rates = rates
            rates.audioInput = rates.audioInput ?? rates.input
            return rates
        }
        func filled(_ tier: Tier) -> Tier {
            Tier(filled(tier.rates), longContext: tier.longContext.map { LongContext(threshold: $0.threshold, rates: filled($0.rates)) })
        }
        standard = filled(standard)
        serviceTiers = serviceTiers.mapValues(filled)
    }
}
