internal import ServiceKit
internal import WireProtocol

/// The spans of one trace in one request, and what they tell of the trace.
struct SpanGroup: Sendable {
    var traceID: String
    var spans: [SpanRow] = []
    /// Milliseconds since 1970.
    var start: Int64 = .max
    /// `nil` when no span has ended.
    var end: Int64?
    /// `nil` without a root among the spans.
    var rootState: TraceState?
    var requestPreview: String?
    var responsePreview: String?
    /// Of several with one key the last counts.
    var tags: [KeyValue] = []
    /// Set unless the trace has them.
    var metadata: [KeyValue] = []

    init(traceID: String) { self.traceID = traceID }

    var hasTokens: Bool { spans.contains { $0.tokens != nil } }
    var hasCost: Bool { spans.contains { $0.cost != nil } }
}

/// A span as a row.
struct SpanRow: Sendable {
    var id: String
    /// Empty for a root.
    var parent: String
    var name: String
    var type: String
    var status: OTLPSpan.Status
    var start: Int64
    /// 0 when it hasn't ended.
    var end: Int64
    var tokens: Usage?
    var cost: Usage?
    var model: SpanModel
    /// JSON as `traces/get` answers it.
    var content: String
}

/// The spans of one OTLP request.
struct SpanUpload: Sendable {
    var experiment: Int64
    /// The run to which traces are linked whose root is here.
    var run: String?
    var groups: [SpanGroup]
    /// About how many bytes will be stored.
    var size: Int

    /// What a span's row, and the rows of a trace, take in memory in addition to their JSON.
    private static let (memoryPerRow, memoryPerTrace) = (512, 4096)

    /// - Parameters:
    ///   - nodes: how many tags and values that attributes hold as text there may be: a resource's attributes become tags of each of its
    ///     traces.
    ///   - bytes: how much may be stored. Characters that JSON escapes take up to six times their size.
    ///   - memory: where the memory of the rows is reserved.
    /// - Throws: `InvalidSpan` for spans without ids, `OTLPError` for what becomes too large, `ServiceError` when no memory is left.
    init(
        _ resources: [ResourceSpans], experiment: Int64, run: String?, nodes: Int = JSONLimits.standard.maximumNodes,
        bytes: Int = 128 << 20, memory: RequestMemory? = nil
    ) throws {
        self.experiment = experiment
        self.run = run
        size = 0
        var (tagsLeft, texts) = (nodes, AttributeValue.reader(nodes: nodes))
        var groups: [SpanGroup] = []
        var indexes: [String: Int] = [:]
        for resource in resources {
            let isFromMLflow = resource.resource["telemetry.sdk.name"] == .string("mlflow")
            for span in resource.spans {
                guard span.traceID.count == 16, span.spanID.count == 8, span.parentID.isEmpty || span.parentID.count == 8 else {
                    throw InvalidSpan()
                }
                let id = "tr-" + Hex.text(span.traceID)
                let index = indexes[id] ?? groups.count
                if index == groups.count {
                    indexes[id] = index
                    tagsLeft -= resource.resource.count
                    guard tagsLeft >= 0 else { throw OTLPError.requestTooLarge("more than \(nodes) attributes of resources, counted for each trace") }
                    try memory?.reserve(Self.memoryPerTrace)
                    groups.append(SpanGroup(traceID: id))
                    groups[index].addTags(of: resource.resource)
                }
                // Values that are texts are decoded for as long as it takes to write the span.
                let decoded = isFromMLflow ? 0 : span.attributes.reduce(0) { $0 + $1.value.memoryToDecode(nodes: nodes) }
                try memory?.reserve(decoded)
                let added = groups[index].add(span, isFromMLflow: isFromMLflow, &texts)
                memory?.release(decoded)
                // The row, and the database's copy of it while it is written.
                try memory?.reserve(2 * added + Self.memoryPerRow)
                size += added
                guard size <= bytes else { throw OTLPError.requestTooLarge("spans that take more than \(bytes) bytes as JSON") }
            }
        }
        self.groups = groups
    }
}

/// A span that MLflow's server refuses.
struct InvalidSpan: Error {}

extension SpanGroup {
    /// The attributes of the program that made the spans become tags, but for those about OpenTelemetry itself.
    fileprivate mutating func addTags(of resource: [Attribute]) {
        for attribute in resource where !attribute.key.hasPrefix("telemetry.sdk.") && !attribute.key.hasPrefix("mlflow.") {
            addTag(attribute.key, attribute.value)
        }
    }

    private mutating func addTag(_ key: String, _ value: AttributeValue) {
        let text = value.text ?? value.json.pythonJSONString
        // Nobody would see an error, so what isn't allowed is left out.
        guard let tag = try? TraceValidation.checked(KeyValue(key: key, value: text)), !TraceValidation.isImmutable(tag.key) else {
            return
        }
        tags.append(tag)
    }

    /// - Parameter texts: reads values that are texts.
    /// - Returns: how many bytes will be stored.
    fileprivate mutating func add(_ span: OTLPSpan, isFromMLflow: Bool, _ texts: inout NestedJSONParser) -> Int {
        var span = span
        if !isFromMLflow {
            for index in span.attributes.indices { span.attributes[index].value = span.attributes[index].value.decoded(&texts) }
        }
        let id = Attribute(key: SpanAttribute.traceID, value: .string(traceID))
        if let index = span.attributes.firstIndex(where: { $0.key == id.key }) {
            span.attributes[index] = id
        } else {
            span.attributes.append(id)
        }
        SemanticConventions.translate(&span.attributes)
        SpanCost.add(to: &span.attributes)
        let (start, end) = (Int64(clamping: span.startTime), Int64(clamping: span.endTime))
        let content = span.jsonString
        spans.append(
            SpanRow(
                id: Hex.text(span.spanID), parent: Hex.text(span.parentID), name: span.name,
                type: span.attributes[SpanAttribute.type]?.text ?? "", status: span.status, start: start, end: end,
                tokens: Usage(.tokens, span.attributes[SpanAttribute.tokens]),
                cost: Usage(.cost, span.attributes[SpanAttribute.cost]), model: SpanModel(span.attributes), content: content))
        self.start = min(self.start, start / 1_000_000)
        if end > 0 { self.end = max(self.end ?? 0, end / 1_000_000) }
        addMetadata(TraceKey.session, span.attributes["session.id"] ?? span.attributes["gen_ai.conversation.id"])
        addMetadata(TraceKey.user, span.attributes["user.id"])
        if span.isRoot { addRoot(span) }
        return content.utf8.count
    }

    private mutating func addMetadata(_ key: String, _ value: AttributeValue?) {
        guard let value, value != .none, !metadata.contains(where: { $0.key == key }) else { return }
        let text = value.text ?? value.json.pythonUnicodeJSONString
        metadata.append(KeyValue(key: key, value: Validation.truncate(text, to: TraceLimit.session)))
    }

    private mutating func addRoot(_ span: OTLPSpan) {
        rootState = span.status == .error ? .error : .ok
        requestPreview = TracePreview.preview(of: span.attributes[SpanAttribute.inputs], role: "user")
        responsePreview = TracePreview.preview(of: span.attributes[SpanAttribute.outputs], role: "assistant")
        for attribute in span.attributes where attribute.key.hasPrefix(SpanAttribute.tagPrefix) {
            addTag(String(attribute.key.dropFirst(SpanAttribute.tagPrefix.count)), attribute.value)
        }
    }
}
