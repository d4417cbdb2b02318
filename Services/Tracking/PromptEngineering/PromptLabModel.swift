internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// The model of a prompt-engineering run, which fills in the template and calls the gateway. Its files are those that MLflow's
/// `mlflow.prompt.promptlab_model.save_model` writes, so `mlflow.pyfunc.load_model` can load it.
struct PromptLabModel: Sendable {
    struct File: Sendable {
        /// The path relative to the run's artifacts.
        var path: String
        var text: String
    }

    let request: PromptLabRequest
    let runID: String
    /// 32 hexadecimal digits.
    let uuid: String
    let createdAt: UnixMilliseconds

    /// The table that the UI's evaluation view shows, and rewrites when more rows are evaluated.
    static let tablePath = "eval_results_table.json"

    private static let directory = "model"
    /// The Python version in the model's environments, which MLflow supports. This server doesn't run Python.
    private static let python = "3.11.13"
    private static let requirement = "mlflow[gateway]==\(mlflowContractVersion)"

    /// All files. The table comes last, so that it never exists without its model.
    var files: [File] {
        [
            File(path: "\(Self.directory)/input_example.json", text: inputs.pythonJSONString),
            File(path: "\(Self.directory)/serving_input_example.json", text: (["inputs": inputs] as JSONValue).pythonJSONString),
            File(path: "\(Self.directory)/parameters.yaml", text: parameters),
            File(path: "\(Self.directory)/conda.yaml", text: Self.condaEnvironment),
            File(path: "\(Self.directory)/python_env.yaml", text: Self.pythonEnvironment),
            File(path: "\(Self.directory)/requirements.txt", text: Self.requirement),
            File(path: "\(Self.directory)/MLmodel", text: description),
            File(path: Self.tablePath, text: table),
        ]
    }

    /// The value of the run's tag `mlflow.log-model.history`. Like MLflow, records the model before it has flavors.
    var history: String {
        ([
            [
                "run_id": .string(runID), "artifact_path": .string(Self.directory), "utc_time_created": .string(createdText),
                "model_uuid": .string(uuid), "flavors": [:],
            ]
        ] as JSONValue).pythonJSONString
    }

    /// The value of the run's tag `mlflow.loggedArtifacts`.
    static let loggedArtifacts = ([["path": .string(tablePath), "type": "table"]] as JSONValue).pythonJSONString

    // MARK: Contents

    private var inputs: JSONValue { ["inputs": .array(request.promptParameters.map { .string($0.value) })] }

    private var table: String {
        let columns = request.promptParameters.map(\.key) + ["prompt", "output"] + request.modelOutputParameters.map(\.key)
        let row: [JSONValue] =
            request.promptParameters.map { .string($0.value) }
            + [.string(request.modelInput), request.modelOutput.map { .string($0) } ?? .null]
            + request.modelOutputParameters.map { .string($0.value) }
        return (["columns": .array(columns.map { .string($0) }), "data": [.array(row)]] as JSONValue).pythonJSONString
    }

    private var parameters: String {
        YAMLDocument([
            ("model_parameters", .sorted(request.modelParameters.map { ($0.key, $0.value) })),
            ("model_route", .text(request.modelRoute)),
            ("prompt_parameters", .sorted(request.promptParameters.map { ($0.key, $0.value) })),
            ("prompt_template", .text(request.promptTemplate)),
        ]).text
    }

    private var description: String {
        let environment: YAMLDocument.Node = .mapping([("conda", .text("conda.yaml")), ("virtualenv", .text("python_env.yaml"))])
        let flavor: YAMLDocument.Node = .mapping([
            ("env", environment), ("loader_module", .text("mlflow.prompt.promptlab_model")), ("parameters_path", .text("parameters.yaml")),
            ("python_version", .text(Self.python)),
        ])
        let example: YAMLDocument.Node = .mapping([
            ("artifact_path", .text("input_example.json")), ("serving_input_path", .text("serving_input_example.json")),
            ("type", .text("json_object")),
        ])
        let signature: YAMLDocument.Node = .mapping([
            ("inputs", .text(Self.schema(request.promptParameters.map(\.key)))), ("outputs", .text(Self.schema(["output"]))),
            ("params", .null),
        ])
        return YAMLDocument([
            ("artifact_path", .text(Self.directory)), ("flavors", .mapping([("python_function", flavor)])),
            ("is_signature_from_type_hint", .bool(false)), ("mlflow_version", .text(mlflowContractVersion)), ("model_id", .null),
            ("model_uuid", .text(uuid)), ("prompts", .null), ("run_id", .text(runID)), ("saved_input_example_info", example),
            ("signature", signature), ("type_hint_from_example", .bool(false)), ("utc_time_created", .text(createdText)),
        ]).text
    }

    /// A schema of string columns, in the form of a model signature.
    private static func schema(_ names: [String]) -> String {
        JSONValue.array(names.map { ["type": "string", "name": .string($0), "required": true] }).pythonJSONString
    }

    private static var condaEnvironment: String {
        YAMLDocument([
            ("channels", .sequence([.text("conda-forge")])),
            (
                "dependencies",
                .sequence([.text("python=\(python)"), .text("pip"), .mapping([("pip", .sequence([.text(requirement)]))])])
            ), ("name", .text("mlflow-env")),
        ]).text
    }

    private static var pythonEnvironment: String {
        YAMLDocument([
            ("python", .text(python)), ("build_dependencies", .sequence([.text("pip"), .text("setuptools"), .text("wheel")])),
            ("dependencies", .sequence([.text("-r requirements.txt")])),
        ]).text
    }

    /// The creation time in Python's form: `2026-11-29 14:34:27.193000`.
    private var createdText: String {
        ISO8601.text(createdAt, fraction: .milliseconds).dropLast().replacing("T", with: " ") + "000"
    }
}
