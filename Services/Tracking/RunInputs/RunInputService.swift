internal import WireProtocol

/// Logs and searches the inputs and outputs of runs, after validation.
struct RunInputService: Sendable {
    /// The maximum number of experiments in a search for datasets.
    private static let experimentLimit = 20

    let store: RunInputStore

    /// Atomically records datasets and models as inputs of a run. Existing inputs stay unchanged.
    func log(datasets: [DatasetInput], models: [ModelInput], of runID: String) async throws {
        try Validation.checkRunID(runID)
        for input in datasets { try Self.check(input) }
        var known: Set<DatasetKey> = []
        let unique = datasets.filter { known.insert(DatasetKey($0.dataset)).inserted }
        for input in unique where Set(input.tags.map(\.key)).count < input.tags.count {
            throw ServiceError(.badRequest, "The 'tags' of a dataset input contain a duplicate key.")
        }
        try await store.add(datasets: unique, models: models.map(\.modelID), to: runID)
    }

    /// Atomically records models as outputs of a run. A model can be recorded only once.
    func log(outputs: [ModelOutput], of runID: String) async throws {
        try await store.add(outputs: outputs, to: runID)
    }

    /// Adds a model to a run's history of logged models, which clients before MLflow 3 use.
    ///
    /// - Parameter json: the model's `MLmodel` file as JSON.
    func log(modelJSON json: String, of runID: String) async throws {
        try await store.add(try ModelHistoryEntry(modelJSON: json), to: runID)
    }

    /// Returns the datasets that runs of those experiments used.
    func datasets(of experimentIDs: [String]) async throws -> [DatasetSummary] {
        guard !experimentIDs.isEmpty else {
            throw ServiceError.invalidParameter("SearchDatasets request must specify at least one experiment_id.")
        }
        guard experimentIDs.count <= Self.experimentLimit else {
            throw ServiceError.invalidParameter(
                "SearchDatasets request cannot specify more than \(Self.experimentLimit) experiment_ids."
                    + " Received \(experimentIDs.count) experiment_ids.")
        }
        return try await store.summaries(of: try ExperimentIDs.parse(experimentIDs))
    }

    private static func check(_ input: DatasetInput) throws {
        typealias Limit = Validation.Limit
        let dataset = input.dataset
        try Validation.checkLength(dataset.name, of: "name", limit: Limit.datasetName)
        try Validation.checkLength(dataset.digest, of: "digest", limit: Limit.datasetDigest)
        try Validation.checkLength(dataset.source, of: "source", limit: Limit.datasetSource)
        try Validation.checkLength(dataset.schema ?? "", of: "schema", limit: Limit.datasetSchema)
        try Validation.checkLength(dataset.profile ?? "", of: "profile", limit: Limit.datasetProfile)
        for tag in input.tags {
            try Validation.checkLength(tag.key, of: "key", limit: Limit.inputTagKey)
            try Validation.checkLength(tag.value, of: "value", limit: Limit.inputTagValue)
        }
    }
}

/// Identifies a dataset within an experiment.
struct DatasetKey: Hashable, Sendable {
    var name: String
    var digest: String

    init(name: String, digest: String) {
        self.name = name
        self.digest = digest
    }

    init(_ dataset: Dataset) {
        self.init(name: dataset.name, digest: dataset.digest)
    }
}
