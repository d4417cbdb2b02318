internal import WireProtocol

/// Custom views of an experiment, which MLflow's UI stores as tags. MLflow limits their number.
enum CustomViews {
    private static let limit = 50

    /// Whether a tag with this key stores a view.
    static func isView(_ key: String) -> Bool { key.hasPrefix("mlflow.customView.view") }

    /// Throws if an experiment would have too many views.
    ///
    /// - Parameters:
    ///   - count: the number of views after the change.
    ///   - experiment: the experiment's ID; `nil` if it doesn't exist yet.
    static func check(count: Int, experiment: Int64?) throws {
        guard count > limit else { return }
        let reference = experiment.map { " for experiment \($0)" } ?? ""
        throw ServiceError.invalidParameter(
            "Unable to create another custom view\(reference); the maximum number of custom views per experiment is \(limit). Delete"
                + " an existing custom view before creating a new one.")
    }
}
