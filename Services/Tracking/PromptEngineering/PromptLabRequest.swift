internal import Primitives
internal import WireProtocol

/// A request to `runs/create-promptlab-run`: a prompt that was tried in the UI, with the model's output.
struct PromptLabRequest: Sendable {
    var experimentID: String
    var runName: String
    var tags: [KeyValue]
    /// The template, with variables as `{{ name }}`.
    var promptTemplate: String
    /// The values of the variables.
    var promptParameters: [KeyValue]
    /// The name of the gateway's endpoint.
    var modelRoute: String
    var modelParameters: [KeyValue]
    /// The template with the values filled in.
    var modelInput: String
    var modelOutput: String?
    /// Properties of the output, such as its token count.
    var modelOutputParameters: [KeyValue]
    var userID: String
    /// `nil` for the current time.
    var startTime: UnixMilliseconds?

    /// The maximum number of entries per list, in addition to MLflow's own limit on params of a run.
    private static let parameterLimit = 1000
    /// The maximum size of all strings together, in bytes; MLflow's UI can't save a longer table either.
    private static let textLimit = 10 << 20

    /// Decodes the request in the order of MLflow's checks.
    ///
    /// For invalid params, MLflow creates a failed run. This server rejects the request before anything is written.
    init(_ fields: MessageFields) throws {
        experimentID = try Self.experimentID(fields)
        promptTemplate = try Self.required("prompt_template", fields)
        promptParameters = try Self.parameters("prompt_parameters", fields)
        guard !promptParameters.isEmpty else { throw Self.missing("prompt_parameters") }
        modelRoute = try Self.required("model_route", fields)
        modelInput = try Self.required("model_input", fields)
        _ = try Self.required("mlflow_version", fields)
        modelParameters = try Self.parameters("model_parameters", fields)
        modelOutput = try fields.string("model_output")
        modelOutputParameters = try Self.parameters("model_output_parameters", fields)
        runName = try fields.string("run_name") ?? ""
        try Validation.checkLength(runName, of: "run_name", limit: Validation.Limit.runTagValue)
        userID = try fields.string("user_id") ?? "unknown"
        try Validation.checkLength(userID, of: "user_id", limit: Validation.Limit.key)
        startTime = try fields.time("start_time")
        tags = try fields.messages("tags")
        let values = (promptParameters + modelParameters + modelOutputParameters).map(\.value)
        let texts = [promptTemplate, modelInput, modelOutput ?? ""] + values
        guard texts.reduce(0, { $0 + $1.utf8.count }) <= Self.textLimit else {
            throw ServiceError.invalidParameter("The strings of the request exceed \(Self.textLimit) bytes in total.")
        }
        let names = promptParameters.map(\.key)
        guard Set(names).count == names.count else {
            throw ServiceError.invalidParameter("'prompt_parameters' must not contain duplicate keys.")
        }
        // The run's ID isn't known yet; the validation works with any ID.
        _ = try LogBatch(runID: "0", metrics: [], params: params, tags: tags)
    }

    /// The run's params.
    var params: [KeyValue] {
        modelParameters + [
            KeyValue(key: "model_route", value: modelRoute), KeyValue(key: "prompt_template", value: promptTemplate),
        ]
    }

    // MARK: Fields

    private static func experimentID(_ fields: MessageFields) throws -> String {
        switch try fields.value("experiment_id") {
        case .string(let text)? where !text.isEmpty: return text
        case .integer(let number)? where number != 0: return String(number)
        default: throw missing("experiment_id")
        }
    }

    private static func required(_ name: String, _ fields: MessageFields) throws -> String {
        guard let text = try fields.nonEmptyString(name) else { throw missing(name) }
        return text
    }

    private static func missing(_ name: String) -> ServiceError {
        .invalidParameter("CreatePromptlabRun request must specify \(name).")
    }

    /// Decodes a list of names and values; values are converted to strings as by Python's `str`.
    private static func parameters(_ name: String, _ fields: MessageFields) throws -> [KeyValue] {
        guard let value = try fields.value(name) else { return [] }
        guard case .array(let items) = value else { throw MessageFields.wrongType(name, value) }
        guard items.count <= parameterLimit else {
            throw ServiceError.invalidParameter("'\(name)' has \(items.count) entries. The limit is \(parameterLimit).")
        }
        return try items.enumerated().map { index, item in
            guard let key = item["key"]?.stringValue, !key.isEmpty else { throw MessageFields.missing("\(name)[\(index)].key") }
            try Validation.checkLength(key, of: "\(name)[\(index)].key", limit: Validation.Limit.key)
            let value = item["value"] ?? .null
            guard let text = pythonText(value) else { throw MessageFields.wrongType("\(name)[\(index)].value", value) }
            return KeyValue(key: key, value: text)
        }
    }

    private static func pythonText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): number.isNaN ? "nan" : number.description
        case .bool(let flag): flag ? "True" : "False"
        case .null: "None"
        case .array, .object: nil
        }
    }
}
