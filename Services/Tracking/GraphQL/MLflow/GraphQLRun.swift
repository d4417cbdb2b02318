internal import WireProtocol

/// A run with what GraphQL shows beside it.
struct GraphQLRun: Sendable {
    var run: Run
    /// Read only when it is asked for.
    var experiment: Experiment?
    /// The model versions that were made of the run, as the registry's API has them; read only when they are asked for.
    var modelVersions: [JSONValue] = []
}

/// A page of runs.
struct GraphQLRunPage: Sendable {
    var runs: [GraphQLRun]
    var nextPageToken: String?
}

/// A page of model versions, as the registry's API has them.
struct ModelVersionPage: Sendable {
    var versions: [JSONValue]
    var nextPageToken: String?
}
