/// MLflow's limits: lengths in characters, and counts (mlflow/utils/validation.py).
enum TraceLimit {
    static let tagValue = 8000
    static let name = 4096
    static let session = 250
    /// The width of MLflow's column.
    static let id = 50
    static let linksPerRequest = 100
    static let pageSize = 500
    static let defaultPageSize = 100
    /// The maximum number of traces per request; MLflow's own clients request ten.
    static let tracesPerRequest = 1000
}
