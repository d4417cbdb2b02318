/// The input types of MLflow's fields.
enum MLflowInputTypes {
    static let getRun = object("MlflowGetRunInput", ["runId": .scalar(.string), "runUuid": .scalar(.string)])

    static let searchRuns = object(
        "MlflowSearchRunsInput",
        [
            "experimentIds": .list(.scalar(.string)), "filter": .scalar(.string), "runViewType": .enumeration(viewType),
            "maxResults": .scalar(.int), "orderBy": .list(.scalar(.string)), "pageToken": .scalar(.string),
        ])

    static let getExperiment = object("MlflowGetExperimentInput", ["experimentId": .scalar(.string)])

    static let metricHistory = object(
        "MlflowGetMetricHistoryBulkIntervalInput",
        [
            "runIds": .list(.scalar(.string)), "metricKey": .scalar(.string), "startStep": .scalar(.int), "endStep": .scalar(.int),
            "maxResults": .scalar(.int),
        ])

    static let listArtifacts = object(
        "MlflowListArtifactsInput",
        [
            "runId": .scalar(.string), "runUuid": .scalar(.string), "path": .scalar(.string), "pageToken": .scalar(.string),
        ])

    static let searchModelVersions = object(
        "MlflowSearchModelVersionsInput",
        [
            "filter": .scalar(.string), "maxResults": .scalar(.longString), "orderBy": .list(.scalar(.string)),
            "pageToken": .scalar(.string),
        ])

    static let searchDatasets = object("MlflowSearchDatasetsInput", ["experimentIds": .list(.scalar(.string))])

    private static let viewType = GraphQLEnumeration(name: "MlflowViewType", values: ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"])

    private static func object(_ name: String, _ fields: KeyValuePairs<String, GraphQLInputType>) -> GraphQLInputType {
        .object(GraphQLInputObject(name: name, fields: fields.map { .init(name: $0.key, type: $0.value) }))
    }
}
