internal import WireProtocol

/// Views of an experiment that MLflow's UI keeps as tags; MLflow bounds how many there may be.
enum CustomViews {
    private static let limit = 50

    /// Whether a tag of this name holds a view.
    static func isView(_ key: String) -> Bool { key.hasPrefix("mlflow.customView.view") }

    /// - Parameters:
    ///   - count: how many views there would be.
    ///   - experiment: the experiment, if it exists already.
    static func check(count: Int, experiment: Int64?) throws {
        guard count > limit else { return }
        let reference = experiment.map { " for experiment \($0)" } ?? ""
        throw ServiceError.invalidParameter(
            "Unable to create another custom view\(reference); the maximum number of custom views per experiment is \(limit). Delete"
                + " an existing custom view before creating a new one.")
    }
}
