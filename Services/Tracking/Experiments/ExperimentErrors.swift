internal import WireProtocol

extension ServiceError {
    static func experimentNotFound(_ id: Int64) -> ServiceError { .doesNotExist("No Experiment with id=\(id) exists") }
}

extension LifecycleStage {
    /// - Throws: `ServiceError` with 400 unless the experiment is active.
    func requireActive(experiment id: Int64) throws {
        guard self == .active else {
            throw ServiceError.invalidParameter("The experiment \(id) must be in the 'active' state. Current state is \(rawValue).")
        }
    }
}
