internal import HTTPServer
internal import Primitives
internal import WireProtocol

/// The spans of one trace in a request, and the properties of the trace derived from them.
struct SpanGroup: Sendable {
    var traceID: String
    var spans: [SpanRow] = []
    var start = UnixMilliseconds(.max)
    /// `nil` when no span has ended.
    var end: UnixMilliseconds?
    /// The state of the root span; `nil` if it isn't among the spans.
    var rootState: TraceState?
    var requestPreview: String?
    var responsePreview: String?
    /// The trace's tags; the last value of a key wins.
    var tags: [KeyValue] = []
    /// Metadata that is set only if the trace doesn't have the key yet.
    var metadata: [KeyValue] = []

    init(traceID: String) { self.traceID = traceID }

    var hasTokens: Bool { spans.contains { $0.tokens != nil } }
    var hasCost: Bool { spans.contains { $0.cost != nil } }
}

/// A row of the table `spans`.
struct SpanRow: Sendable {
    var id: String
    /// Empty for a root span.
    var parent: String
    var name: String
    var type: String
    var status: Span.Status
    var start: UnixNanoseconds
    /// 0 if the span hasn't ended.
    var end: UnixNanoseconds
    var tokens: Usage?
    var cost: Usage?
    var model: SpanModel
    /// JSON in the form that `traces/get` returns.
    var content: String
}

/// The spans of one OTLP request.
struct SpanUpload: Sendable {
    var experiment: Int64
    /// The run to link traces to if their root span is in the request.
    var run: String?
    var groups: [SpanGroup]
    /// The approximate number of bytes to be stored.
    var size: Int

    /// Memory of a span's row, and of the rows of a trace, in addition to their JSON, in bytes.
    private static let (memoryPerRow, memoryPerTrace) = (512, 4096)

    /// - Parameters:
    ///   - nodes: the maximum number of tags, and of values in JSON strings. A resource's attributes become tags of each of its
    ///     traces.
    ///   - bytes: the maximum number of bytes to store. JSON escaping can multiply the size of a character by six.
    ///   - memory: the budget from which memory for the rows is reserved.
    /// - Throws: `InvalidSpan` for spans without valid IDs, `OTLPError` for an exceeded limit, `ServiceError` if no memory is left.
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
                let id = "tr-" + Hex.encode(span.traceID)
                let index = indexes[id] ?? groups.count
                if index == groups.count {
                    indexes[id] = index
                    tagsLeft -= resource.resource.count
                    guard tagsLeft >= 0 else {
                        throw OTLPError.requestTooLarge("more than \(nodes) resource attributes, counted per trace")
                    }
                    try memory?.reserve(Self.memoryPerTrace)
                    groups.append(SpanGroup(traceID: id))
                    groups[index].addTags(of: resource.resource)
                }
                // Values decoded from strings are held only until the span is written.
                let decoded = isFromMLflow ? 0 : span.attributes.reduce(0) { $0 + $1.value.memoryToDecode(nodes: nodes) }
                try memory?.reserve(decoded)
                let added = groups[index].add(span, isFromMLflow: isFromMLflow, &texts)
                memory?.release(decoded)
                // Memory for the row and for the database's copy during the write.
                try memory?.reserve(2 * added + Self.memoryPerRow)
                size += added
                guard size <= bytes else { throw OTLPError.requestTooLarge("more than \(bytes) bytes of spans as JSON") }
            }
        }
        self.groups = groups
    }
}

/// A span that MLflow's server rejects.
struct InvalidSpan: Error {}

extension SpanGroup {
    /// Turns the resource's attributes into tags, except those about OpenTelemetry itself.
    fileprivate mutating func addTags(of resource: [Attribute]) {
        for attribute in resource where !attribute.key.hasPrefix("telemetry.sdk.") && !attribute.key.hasPrefix("mlflow.") {
            addTag(attribute.key, attribute.value)
        }
    }

    private mutating func addTag(_ key: String, _ value: AttributeValue) {
        let text = value.text ?? value.json.pythonJSONString
        // Invalid tags are dropped, because no user would see an error.
        guard let tag = try? TraceValidation.checked(KeyValue(key: key, value: text)), !TraceValidation.isImmutable(tag.key) else {
            return
        }
        tags.append(tag)
    }

    /// - Parameter texts: the parser for JSON in strings.
    /// - Returns: the number of bytes to be stored.
    fileprivate mutating func add(_ span: Span, isFromMLflow: Bool, _ texts: inout NestedJSONParser) -> Int {
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
        let (start, end) = (UnixNanoseconds(Int64(clamping: span.startTime)), UnixNanoseconds(Int64(clamping: span.endTime)))
        let content = span.jsonString
        spans.append(
            SpanRow(
                id: Hex.encode(span.spanID), parent: Hex.encode(span.parentID), name: span.name,
                type: span.attributes[SpanAttribute.type]?.text ?? "", status: span.status, start: start, end: end,
                tokens: Usage(.tokens, span.attributes[SpanAttribute.tokens]),
                cost: Usage(.cost, span.attributes[SpanAttribute.cost]), model: SpanModel(span.attributes), content: content))
        self.start = min(self.start, UnixMilliseconds(start))
        if end.rawValue > 0 { self.end = max(self.end ?? UnixMilliseconds(0), UnixMilliseconds(end)) }
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

    private mutating func addRoot(_ span: Span) {
        rootState = span.status == .error ? .error : .ok
        requestPreview = TracePreview.preview(of: span.attributes[SpanAttribute.inputs], role: "user")
        responsePreview = TracePreview.preview(of: span.attributes[SpanAttribute.outputs], role: "assistant")
        for attribute in span.attributes where attribute.key.hasPrefix(SpanAttribute.tagPrefix) {
            addTag(String(attribute.key.dropFirst(SpanAttribute.tagPrefix.count)), attribute.value)
        }
    }
}
