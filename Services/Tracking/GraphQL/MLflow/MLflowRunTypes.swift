internal import Primitives
internal import WireProtocol

/// MLflow's GraphQL types of runs and experiments. As in protobuf, an unset string is empty and an unset integer is 0.
enum MLflowRunTypes {
    static let run = GraphQLObjectType<GraphQLRun>(
        "MlflowRunExtension",
        [
            .object("info", info) { $0.run.info },
            .object("data", data) { $0.run },
            .object("inputs", inputs) { $0.run.inputs },
            .object("outputs", outputs) { $0.run.outputs ?? RunOutputs() },
            .object("experiment", experiment) { $0.experiment },
            .list("modelVersions", MLflowModelVersionTypes.modelVersion) { $0.modelVersions },
        ])

    private static let info = GraphQLObjectType<RunInfo>(
        "MlflowRunInfo",
        [
            .string("runId") { $0.runID },
            .string("runUuid") { $0.runID },
            .string("runName") { $0.runName },
            .string("experimentId") { String($0.experimentID) },
            .string("userId") { $0.userID },
            .enumeration("status", "MlflowRunStatus") { $0.status },
            .time("startTime") { $0.startTime },
            .time("endTime") { $0.endTime ?? UnixMilliseconds(0) },
            .string("artifactUri") { $0.artifactURI },
            .string("lifecycleStage") { $0.lifecycleStage.rawValue },
        ])

    private static let data = GraphQLObjectType<Run>(
        "MlflowRunData",
        [
            .list("metrics", metric) { $0.metrics },
            .list("params", keyValue("MlflowParam")) { $0.params },
            .list("tags", keyValue("MlflowRunTag")) { $0.tags },
        ])

    private static let metric = GraphQLObjectType<Metric>(
        "MlflowMetricExtension",
        [
            .string("key") { $0.key },
            .float("value") { $0.value },
            .time("timestamp") { $0.timestamp },
            .long("step") { $0.step },
            .string("datasetName") { $0.datasetName ?? "" },
            .string("datasetDigest") { $0.datasetDigest ?? "" },
            .string("modelId") { $0.modelID ?? "" },
            .string("runId") { $0.runID ?? "" },
        ])

    /// A point of a run's metric, for responses that cover several runs.
    static let metricWithRunID = GraphQLObjectType<Metric>(
        "MlflowMetricWithRunId",
        [
            .string("key") { $0.key },
            .float("value") { $0.value },
            .time("timestamp") { $0.timestamp },
            .long("step") { $0.step },
            .string("runId") { $0.runID ?? "" },
        ])

    private static let inputs = GraphQLObjectType<RunInputs>(
        "MlflowRunInputs",
        [
            .list("datasetInputs", datasetInput) { $0.datasets },
            .list("modelInputs", modelInput) { $0.models },
        ])

    private static let datasetInput = GraphQLObjectType<DatasetInput>(
        "MlflowDatasetInput",
        [
            .list("tags", keyValue("MlflowInputTag")) { $0.tags },
            .object("dataset", dataset) { $0.dataset },
        ])

    private static let dataset = GraphQLObjectType<Dataset>(
        "MlflowDataset",
        [
            .string("name") { $0.name },
            .string("digest") { $0.digest },
            .string("sourceType") { $0.sourceType },
            .string("source") { $0.source },
            .string("schema") { $0.schema ?? "" },
            .string("profile") { $0.profile ?? "" },
        ])

    private static let modelInput = GraphQLObjectType<ModelInput>("MlflowModelInput", [.string("modelId") { $0.modelID }])

    private static let outputs = GraphQLObjectType<RunOutputs>(
        "MlflowRunOutputs", [.list("modelOutputs", modelOutput) { $0.models }])

    private static let modelOutput = GraphQLObjectType<ModelOutput>(
        "MlflowModelOutput", [.string("modelId") { $0.modelID }, .long("step") { $0.step }])

    static let experiment = GraphQLObjectType<Experiment>(
        "MlflowExperiment",
        [
            .string("experimentId") { String($0.id) },
            .string("name") { $0.name },
            .string("artifactLocation") { $0.artifactLocation },
            .string("lifecycleStage") { $0.lifecycleStage.rawValue },
            .time("lastUpdateTime") { $0.lastUpdateTime },
            .time("creationTime") { $0.creationTime },
            .list("tags", keyValue("MlflowExperimentTag")) { $0.tags },
            // Traces aren't archived.
            .string("effectiveTraceArchivalRetention") { _ in "" },
            .string("workspace") { _ in "default" },
        ])

    static let datasetSummary = GraphQLObjectType<DatasetSummary>(
        "MlflowDatasetSummary",
        [
            .string("experimentId") { String($0.experimentID) },
            .string("name") { $0.name },
            .string("digest") { $0.digest },
            .string("context") { $0.context ?? "" },
        ])

    /// Creates a type of key-value pairs; MLflow has a separate one for each record type.
    private static func keyValue(_ name: String) -> GraphQLObjectType<KeyValue> {
        GraphQLObjectType(name, [.string("key") { $0.key }, .string("value") { $0.value }])
    }
}
