internal import JSON
internal import ModelPrices

/// A completed request, with what its trace needs and nothing else. It may wait for a tracking server for a long time, so it keeps
/// neither the parsed request nor the endpoints.
struct CompletedRequest: Sendable {
    /// The body of the client's request.
    enum Content: Sendable, Equatable {
        case bytes([UInt8])
        /// The size in bytes of a body that is too large to wait in memory.
        case omitted(Int)
    }

    /// Bytes; a longer body is left out of the trace.
    static let contentLimit = 16 << 20
    /// Characters of the user's name that are kept; MLflow keeps fewer.
    private static let userLimit = 1_000

    var settings: TraceSettings
    /// A trace that is sent again, because it is uncertain whether it has arrived, keeps its ids.
    var span: RequestSpan
    var requestID: String
    var task: RouteTask
    var streams: Bool
    /// The client's end user: OpenAI's `user`, Anthropic's `metadata.user_id`.
    var user: String?
    var record: UsageRecord
    /// `nil` if unknown.
    var cost: ModelCost?
    var began: ContinuousClock.Instant
    var end: ContinuousClock.Instant
    var attempts: [RequestTrace.AttemptRecord]
    /// The client's request as JSON; `nil` if content isn't captured.
    var content: Content?
    /// The response as one part, or the events of a stream; empty if content isn't captured.
    var response: [[UInt8]]
    var error: String?
    /// The approximate size in memory, in bytes.
    let size: Int

    init(
        _ request: InferenceRequest, _ settings: TraceSettings, _ span: RequestSpan, record: UsageRecord, cost: ModelCost?,
        end: ContinuousClock.Instant, attempts: [RequestTrace.AttemptRecord], response: [[UInt8]], error: String?
    ) {
        self.settings = settings
        self.span = span
        requestID = request.requestID
        task = request.route.task
        streams = request.streams
        let user = request.json["user"]?.stringValue ?? request.json["metadata"]?["user_id"]?.stringValue
        self.user = user?.excerpt(Self.userLimit)
        self.record = record
        self.cost = cost
        began = request.began
        self.end = end
        self.attempts = attempts
        if settings.capturesContent {
            content = request.body.count > Self.contentLimit ? .omitted(request.body.count) : .bytes(request.body)
        }
        self.response = response
        self.error = error
        size = Self.size(texts: [requestID, self.user, error] + attempts.map(\.error), content, attempts: attempts.count, response)
    }

    /// Bytes of an array's header and of the allocator's overhead for a small block.
    private static let overhead = 48

    private static func size(texts: [String?], _ content: Content?, attempts: Int, _ response: [[UInt8]]) -> Int {
        var size = 1024 + attempts * (MemoryLayout<RequestTrace.AttemptRecord>.stride + overhead)
        for text in texts { size += text?.utf8.count ?? 0 }
        if case .bytes(let bytes) = content { size += bytes.count + overhead }
        for part in response { size += part.count + overhead }
        return size
    }
}
