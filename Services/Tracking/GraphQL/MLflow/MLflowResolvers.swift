internal import Database
internal import MLflowAPI
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Resolves the fields of an operation from the same stores as the REST routes.
struct MLflowResolvers: Sendable {
    let experiments: ExperimentService
    let runs: RunService
    let runSearch: RunSearchStore
    let metricHistory: MetricHistoryRoutes
    let inputs: RunInputService
    let artifacts: EntityArtifactRoutes
    let registry: RegistryClient
    let relations: GraphQLRunRelations

    /// The maximum number of model versions per response; the next page continues.
    static let modelVersionLimit: Int64 = 10_000

    func resolve(_ field: GraphQLSelectedField, _ context: ServiceRequestContext) async throws -> GraphQLResult {
        guard let object = field.input else { throw GraphQLError("Field '\(field.name)' requires the argument 'input'.") }
        let input = MessageFields(object)
        switch field.name {
        case "mlflowGetRun": return result(try await run(input, field.selection["run"], context), MLflowResponseTypes.getRun, field)
        case "mlflowSearchRuns":
            return result(try await runs(input, field.selection["runs"], context), MLflowResponseTypes.searchRuns, field)
        case "mlflowGetExperiment":
            let experiment = try await experiments.get(try input.string("experiment_id") ?? "")
            return result(experiment, MLflowResponseTypes.getExperiment, field)
        case "mlflowGetMetricHistoryBulkInterval":
            return result(try await metrics(input), MLflowResponseTypes.metricHistory, field)
        case "mlflowListArtifacts":
            let list = try await artifacts.list(run: try Self.runID(input), path: try input.string("path") ?? "")
            return result(list, MLflowResponseTypes.listArtifacts, field)
        case "mlflowSearchModelVersions":
            return result(try await modelVersions(input, context), MLflowResponseTypes.searchModelVersions, field)
        case "mlflowSearchDatasets":
            let datasets = try await inputs.datasets(of: try input.strings("experiment_ids"))
            return result(datasets, MLflowResponseTypes.searchDatasets, field)
        default: throw GraphQLError("Field '\(field.name)' can't be read.")
        }
    }

    private func result<Source: Sendable>(
        _ source: Source, _ type: GraphQLObjectType<Source>, _ field: GraphQLSelectedField
    ) -> GraphQLResult {
        let write = type.writer(for: field.selection)
        return { json in write(source, &json) }
    }

    private static func runID(_ input: MessageFields) throws -> String {
        try input.nonEmptyString("run_id") ?? input.string("run_uuid") ?? ""
    }

    private func run(
        _ input: MessageFields, _ selection: GraphQLSelectionSet, _ context: ServiceRequestContext
    ) async throws -> GraphQLRun {
        let run = try await runs.get(try Self.runID(input))
        return try await relations.complete([run], selection, context).first ?? GraphQLRun(run: run)
    }

    private func runs(
        _ input: MessageFields, _ selection: GraphQLSelectionSet, _ context: ServiceRequestContext
    ) async throws -> GraphQLRunPage {
        let page = try await runSearch.search(try RunQuery(input))
        return GraphQLRunPage(
            runs: try await relations.complete(page.items, selection, context),
            nextPageToken: page.nextOffset.map { PageToken.make(offset: $0) })
    }

    /// Unlike REST, GraphQL returns no metrics if the run IDs or the key are missing.
    private func metrics(_ input: MessageFields) async throws -> [Metric] {
        guard try !input.strings("run_ids").isEmpty, try input.nonEmptyString("metric_key") != nil else { return [] }
        return try await metricHistory.interval(input)
    }

    private func modelVersions(_ input: MessageFields, _ context: ServiceRequestContext) async throws -> ModelVersionPage {
        let limit = try input.integer("max_results") ?? Self.modelVersionLimit
        guard limit <= Self.mlflowLimit else {
            throw GraphQLError(
                "Invalid value for request parameter max_results. It must be at most \(Self.mlflowLimit), but got value \(limit)")
        }
        var query = [
            ("filter", try input.string("filter") ?? ""), ("max_results", String(min(limit, Self.modelVersionLimit))),
            ("page_token", try input.string("page_token") ?? ""),
        ]
        query += try input.strings("order_by").map { ("order_by", $0) }
        let (versions, token) = try await registry.adding(headers: context.clientHeaders).searchModelVersions(
            query.filter { !$0.1.isEmpty }.map { (name: $0.0, value: $0.1) })
        return ModelVersionPage(versions: versions, nextPageToken: token)
    }

    /// MLflow rejects a higher limit.
    private static let mlflowLimit: Int64 = 200_000
}
