internal import Database
internal import Hummingbird
internal import Logging
internal import ServiceClient
internal import ServiceKit
internal import WireProtocol

/// Reads the related records of all runs of a response together, and only those that are selected.
struct GraphQLRunRelations: Sendable {
    let database: any Database
    let registry: RegistryClient

    /// The maximum number of runs per request to the registry, whose URL contains their IDs.
    private static let runsPerRequest = 200
    /// The maximum number of model versions per response of the registry.
    private static let pageSize = 10_000
    /// The time limit for a response of the registry, so that the run page doesn't wait longer.
    private static let timeout = Duration.seconds(5)

    /// - Parameter selection: the fields selected from each run.
    func complete(_ runs: [Run], _ selection: GraphQLSelectionSet, _ context: ServiceRequestContext) async throws -> [GraphQLRun] {
        var completed = runs.map { GraphQLRun(run: $0) }
        if selection.contains("experiment") {
            let experiments = try await experiments(Set(runs.map(\.info.experimentID)))
            for index in completed.indices { completed[index].experiment = experiments[completed[index].run.info.experimentID] }
        }
        if selection.contains("modelVersions") {
            let versions = await modelVersions(of: runs.map(\.info.runID), context)
            for index in completed.indices { completed[index].modelVersions = versions[completed[index].run.info.runID] ?? [] }
        }
        return completed
    }

    private func experiments(_ ids: Set<Int64>) async throws -> [Int64: Experiment] {
        // There is usually one; all are looked up by primary key.
        try await database.read(ids.count <= 10 ? .point : .scan) { connection in
            var experiments: [Int64: Experiment] = [:]
            for slice in ids.sorted().powerOfTwoChunks(limit: 128) {
                for experiment in try ExperimentStore.find(where: "id IN (\(.list(slice)))", limit: slice.count, connection) {
                    experiments[experiment.id] = experiment
                }
            }
            return experiments
        }
    }

    /// The model versions created from runs, by run ID. If the registry fails, runs are returned without versions, because MLflow's
    /// UI shows nothing of a run whose response contains an error.
    private func modelVersions(of runIDs: [String], _ context: ServiceRequestContext) async -> [String: [JSONValue]] {
        var versions: [String: [JSONValue]] = [:]
        do {
            for start in stride(from: 0, to: runIDs.count, by: Self.runsPerRequest) {
                let slice = runIDs[start..<min(start + Self.runsPerRequest, runIDs.count)]
                for version in try await modelVersions(ofRuns: slice, context) {
                    if let run = version["run_id"]?.stringValue { versions[run, default: []].append(version) }
                }
            }
        } catch {
            context.logger.warning(
                "returning runs without their model versions",
                metadata: context.logMetadata(["error": "\(ServiceError(error))"]))
        }
        return versions
    }

    private func modelVersions(ofRuns runIDs: ArraySlice<String>, _ context: ServiceRequestContext) async throws -> [JSONValue] {
        // Run IDs contain no quotation marks, but an imported database may contain anything.
        let ids = runIDs.filter { !$0.contains("'") }.map { "'\($0)'" }.joined(separator: ",")
        guard !ids.isEmpty else { return [] }
        return try await registry.adding(headers: context.clientHeaders).searchModelVersions(
            [("filter", "run_id IN (\(ids))"), ("max_results", String(Self.pageSize))], timeout: Self.timeout
        ).versions
    }
}
