internal import WireProtocol

extension ServiceError {
    static func runNotFound(_ runID: String) -> ServiceError { .doesNotExist("Run with id=\(runID) not found") }
}

extension LifecycleStage {
    /// - Throws: `ServiceError` with 400 unless the run is active.
    func requireActive(run runID: String) throws {
        guard self == .active else {
            throw ServiceError.invalidParameter("The run \(runID) must be in the 'active' state. Current state is \(rawValue).")
        }
    }
}
