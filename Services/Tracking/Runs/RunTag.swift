/// The tags of runs with a meaning for the server.
enum RunTag {
    /// Duplicates a run's name, so that clients can search for it.
    static let name = "mlflow.runName"
}
