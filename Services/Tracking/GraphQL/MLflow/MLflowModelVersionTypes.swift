internal import WireProtocol

/// MLflow's GraphQL types of model versions, which the registry returns as JSON.
enum MLflowModelVersionTypes {
    static let modelVersion = GraphQLObjectType<JSONValue>(
        "MlflowModelVersion",
        [
            text("name"),
            text("version"),
            long("creationTimestamp", "creation_timestamp"),
            long("lastUpdatedTimestamp", "last_updated_timestamp"),
            text("userId", "user_id"),
            text("currentStage", "current_stage"),
            text("description"),
            text("source"),
            text("runId", "run_id"),
            .enumeration("status", "MlflowModelVersionStatus") { $0["status"]?.stringValue ?? "PENDING_REGISTRATION" },
            text("statusMessage", "status_message"),
            list("tags", tag),
            text("runLink", "run_link"),
            .strings("aliases") { values(of: "aliases", in: $0).compactMap(\.stringValue) },
            text("modelId", "model_id"),
            list("modelParams", parameter, "model_params"),
            list("modelMetrics", metric, "model_metrics"),
            .object("deploymentJobState", deploymentJobState) { $0["deployment_job_state"] ?? .object(JSONObject()) },
        ])

    private static let tag = GraphQLObjectType<JSONValue>("MlflowModelVersionTag", [text("key"), text("value")])

    private static let parameter = GraphQLObjectType<JSONValue>("MlflowModelParam", [text("name"), text("value")])

    private static let metric = GraphQLObjectType<JSONValue>(
        "MlflowModelMetric",
        [
            text("key"),
            .float("value") { $0["value"]?.doubleValue ?? .nan },
            long("timestamp"),
            long("step"),
            text("datasetName", "dataset_name"),
            text("datasetDigest", "dataset_digest"),
            text("modelId", "model_id"),
            text("runId", "run_id"),
        ])

    private static let deploymentJobState = GraphQLObjectType<JSONValue>(
        "MlflowModelVersionDeploymentJobState",
        [
            text("jobId", "job_id"),
            text("runId", "run_id"),
            .enumeration("jobState", "MlflowDeploymentJobConnectionState") {
                $0["job_state"]?.stringValue
            },
            .enumeration("runState", "MlflowModelVersionDeploymentJobStateDeploymentJobRunState") {
                $0["run_state"]?.stringValue
            },
            text("currentTaskName", "current_task_name"),
        ])

    // MARK: Fields of JSON

    /// - Parameter member: the name of the JSON member if it differs from the field's.
    private static func text(_ name: String, _ member: String? = nil) -> GraphQLOutputField<JSONValue> {
        .string(name) { [member = member ?? name] in $0[member]?.stringValue ?? "" }
    }

    private static func long(_ name: String, _ member: String? = nil) -> GraphQLOutputField<JSONValue> {
        .long(name) { [member = member ?? name] in $0[member]?.integerValue ?? 0 }
    }

    private static func list(
        _ name: String, _ type: GraphQLObjectType<JSONValue>, _ member: String? = nil
    ) -> GraphQLOutputField<JSONValue> {
        .list(name, type) { [member = member ?? name] in values(of: member, in: $0) }
    }

    private static func values(of member: String, in object: JSONValue) -> [JSONValue] {
        if case .array(let values)? = object[member] { values } else { [] }
    }
}
