internal import WireProtocol

/// A run with its related records.
struct GraphQLRun: Sendable {
    var run: Run
    /// Read only if it is selected.
    var experiment: Experiment?
    /// The model versions created from the run, in the JSON form of the registry's API; read only if they are selected.
    var modelVersions: [JSONValue] = []
}

/// A page of runs.
struct GraphQLRunPage: Sendable {
    var runs: [GraphQLRun]
    var nextPageToken: String?
}

/// A page of model versions, in the JSON form of the registry's API.
struct ModelVersionPage: Sendable {
    var versions: [JSONValue]
    var nextPageToken: String?
}
