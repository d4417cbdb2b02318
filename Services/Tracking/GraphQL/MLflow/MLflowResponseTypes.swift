internal import WireProtocol

/// The response types of the query's fields.
enum MLflowResponseTypes {
    static let getRun = GraphQLObjectType<GraphQLRun>(
        "MlflowGetRunResponse", [.object("run", MLflowRunTypes.run) { $0 }, apiError()])

    static let searchRuns = GraphQLObjectType<GraphQLRunPage>(
        "MlflowSearchRunsResponse",
        [.list("runs", MLflowRunTypes.run) { $0.runs }, .string("nextPageToken") { $0.nextPageToken ?? "" }, apiError()])

    static let getExperiment = GraphQLObjectType<Experiment>(
        "MlflowGetExperimentResponse", [.object("experiment", MLflowRunTypes.experiment) { $0 }, apiError()])

    static let metricHistory = GraphQLObjectType<[Metric]>(
        "MlflowGetMetricHistoryBulkIntervalResponse", [.list("metrics", MLflowRunTypes.metricWithRunID) { $0 }, apiError()])

    static let listArtifacts = GraphQLObjectType<ListArtifacts.Response>(
        "MlflowListArtifactsResponse",
        [
            .string("rootUri") { $0.rootURI ?? "" },
            .list("files", file) { $0.files },
            .string("nextPageToken") { _ in "" },
            apiError(),
        ])

    static let searchModelVersions = GraphQLObjectType<ModelVersionPage>(
        "MlflowSearchModelVersionsResponse",
        [
            .list("modelVersions", MLflowModelVersionTypes.modelVersion) { $0.versions },
            .string("nextPageToken") { $0.nextPageToken ?? "" },
            apiError(),
        ])

    static let searchDatasets = GraphQLObjectType<[DatasetSummary]>(
        "MlflowSearchDatasetsResponse", [.list("datasetSummaries", MLflowRunTypes.datasetSummary) { $0 }, apiError()])

    private static let file = GraphQLObjectType<FileInfo>(
        "MlflowFileInfo",
        [.string("path") { $0.path }, .bool("isDir") { $0.isDirectory }, .long("fileSize") { $0.size ?? 0 }])

    /// Always null, as in MLflow; the errors of stores are in the response's `errors`.
    private static func apiError<Source>() -> GraphQLOutputField<Source> { .object("apiError", error) { _ in nil } }

    private static let error = GraphQLObjectType<ServiceError>(
        "ApiError",
        [
            .string("code") { $0.code.rawValue },
            .string("message") { $0.message },
            .string("helpUrl") { _ in nil },
            .string("traceId") { _ in nil },
            .list("errorDetails", errorDetail) { _ in [] },
        ])

    private static let errorDetail = GraphQLObjectType<KeyValue>(
        "ErrorDetail", [.string("field") { $0.key }, .string("message") { $0.value }])
}
