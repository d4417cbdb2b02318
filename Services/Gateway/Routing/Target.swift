internal import AdapterHost
internal import ModelPrices
internal import SafeText
internal import Synchronization

/// An endpoint that can be called: a provider's model with its adapter, price, policy and health.
final class Target: Sendable {
    let name: String
    let task: RouteTask
    let generation: RouteGeneration
    let provider: String
    let model: String
    let descriptor: ProviderDescriptor
    let endpoint: AdapterEndpoint
    let price: ModelPrice?
    /// The maximum tokens of a response for which the client sets no limit.
    let maxOutputTokens: Int64?
    let policy: RequestPolicy
    let health: TargetHealth
    /// Redacts secrets, including the gateway's own keys, from the provider's errors.
    let redaction: Redaction
    /// The parsed URL of the last request; most endpoints use a single URL.
    private let lastURL = Mutex<(text: String, url: UpstreamURL)?>(nil)

    init(
        _ settings: EndpointSettings, descriptor: ProviderDescriptor, endpoint: AdapterEndpoint, price: ModelPrice?, health: TargetHealth,
        redaction: Redaction
    ) {
        name = settings.name
        task = settings.task
        generation = settings.generation
        provider = settings.provider
        model = settings.model
        self.descriptor = descriptor
        self.endpoint = endpoint
        self.price = price
        maxOutputTokens = settings.maxOutputTokens ?? price?.maxOutputTokens
        policy = settings.policy
        self.health = health
        self.redaction = redaction
    }

    /// Parses the URL of a request; `nil` if it is invalid.
    func url(_ text: String) -> UpstreamURL? {
        if let url = lastURL.withLock({ last in last?.text == text ? last?.url : nil }) { return url }
        guard let url = UpstreamURL(text) else { return nil }
        lastURL.withLock { $0 = (text, url) }
        return url
    }
}
