internal import WireProtocol

/// Translates attributes of OpenTelemetry's conventions for generative AI (opentelemetry.io/docs/specs/semconv/gen-ai) to MLflow's
/// attributes. The originals stay, and existing attributes of MLflow's take precedence.
enum SemanticConventions {
    /// Adds MLflow's attributes to a span's.
    static func translate(_ attributes: inout [Attribute]) {
        guard attributes.contains(where: { $0.key.hasPrefix("gen_ai.") }) else { return }
        let given = attributes
        func add(_ key: String, _ value: AttributeValue?) {
            guard let value, given[key] == nil else { return }
            attributes.append(Attribute(key: key, value: value))
        }
        if let type = given["gen_ai.operation.name"]?.text.flatMap({ spanTypes[$0] }) {
            switch given[SpanAttribute.type] {
            case nil: add(SpanAttribute.type, .string(type))
            case .string("UNKNOWN"):
                attributes.removeAll { $0.key == SpanAttribute.type }
                attributes.append(Attribute(key: SpanAttribute.type, value: .string(type)))
            default: break
            }
        }
        add(SpanAttribute.inputs, (given["gen_ai.input.messages"] ?? given["gen_ai.tool.call.arguments"])?.decoded)
        add(SpanAttribute.outputs, (given["gen_ai.output.messages"] ?? given["gen_ai.tool.call.result"])?.decoded)
        add(SpanAttribute.model, given["gen_ai.response.model"] ?? given["gen_ai.request.model"])
        add(SpanAttribute.provider, given["gen_ai.provider.name"] ?? given["gen_ai.system"])
        add(SpanAttribute.tokens, tokens(given))
    }

    private static let spanTypes = [
        "chat": "CHAT_MODEL", "create_agent": "AGENT", "invoke_agent": "AGENT", "embeddings": "EMBEDDING", "execute_tool": "TOOL",
        "generate_content": "LLM", "text_completion": "LLM", "response": "LLM",
    ]

    private static func tokens(_ attributes: [Attribute]) -> AttributeValue? {
        let (input, output) = (count(attributes["gen_ai.usage.input_tokens"]), count(attributes["gen_ai.usage.output_tokens"]))
        guard input != nil || output != nil else { return nil }
        let (sum, isTooLarge) = (input ?? 0).addingReportingOverflow(output ?? 0)
        var usage = [
            Attribute(key: "input_tokens", value: .integer(input ?? 0)),
            Attribute(key: "output_tokens", value: .integer(output ?? 0)),
            Attribute(key: "total_tokens", value: .integer(isTooLarge ? .max : sum)),
        ]
        // The second name for cache writes is from earlier versions of the conventions.
        let cache: [(name: String, value: AttributeValue?)] = [
            ("cache_read_input_tokens", attributes["gen_ai.usage.cache_read.input_tokens"]),
            (
                "cache_creation_input_tokens",
                attributes["gen_ai.usage.cache_write.input_tokens"] ?? attributes["gen_ai.usage.cache_creation.input_tokens"]
            ),
        ]
        for (name, value) in cache { if let count = count(value) { usage.append(Attribute(key: name, value: .integer(count))) } }
        return .object(usage)
    }

    private static func count(_ value: AttributeValue?) -> Int64? {
        switch value {
        case .integer(let count)?: count >= 0 ? count : nil
        case .number(let count)?: Int64(exactly: count)
        case .string(let text)?: Int64(text)
        default: nil
        }
    }
}

/// The keys of MLflow's span attributes (mlflow/tracing/constant.py).
enum SpanAttribute {
    static let type = "mlflow.spanType"
    static let inputs = "mlflow.spanInputs"
    static let outputs = "mlflow.spanOutputs"
    static let tokens = "mlflow.chat.tokenUsage"
    static let cost = "mlflow.llm.cost"
    static let model = "mlflow.llm.model"
    static let provider = "mlflow.llm.provider"
    static let traceID = "mlflow.traceRequestId"
    /// The prefix of an attribute that sets a tag of the trace; the rest of the key is the tag's name.
    static let tagPrefix = "mlflow.traceTag."
}

/// The keys of tags and metadata with a meaning to clients or to this service (mlflow/tracing/constant.py).
enum TraceKey {
    static let name = "mlflow.traceName"
    static let spansLocation = "mlflow.trace.spansLocation"
    static let archiveLocation = "mlflow.trace.archiveLocation"
    static let archivalFailure = "mlflow.trace.archivalFailure"
    static let artifactLocation = "mlflow.artifactLocation"
    static let session = "mlflow.trace.session"
    static let user = "mlflow.trace.user"
    static let tokens = "mlflow.trace.tokenUsage"
    static let cost = "mlflow.trace.cost"
    static let sizeStatistics = "mlflow.trace.sizeStats"
    static let isFinal = "mlflow.trace.infoFinalized"
    static let sourceRun = "mlflow.sourceRun"
    static let linkedPrompts = "mlflow.linkedPrompts"
    /// The value of `spansLocation` for spans stored in this service.
    static let inTrackingStore = "TRACKING_STORE"
}
