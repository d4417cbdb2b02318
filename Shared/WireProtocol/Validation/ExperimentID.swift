/// The IDs of experiments: numbers, which messages contain as text.
package enum ExperimentID {
    /// The ID of the default experiment.
    package static let `default`: Int64 = 0

    /// Parses an experiment ID: a decimal number, or an empty string for the default experiment.
    ///
    /// - Throws: MLflow's error for a string that isn't a number, or for one that is too large for any experiment.
    package static func parse(_ text: String) throws -> Int64 {
        if text.isEmpty { return `default` }
        let digits = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        if let id = Int64(digits) { return id }
        if !digits.isEmpty, digits.allSatisfy(\.isNumber) { throw ServiceError.doesNotExist("No Experiment with id=\(digits) exists") }
        throw ServiceError.invalidExperimentID(text)
    }
}

extension ServiceError {
    /// MLflow's error for an invalid experiment ID.
    package static func invalidExperimentID(_ text: String) -> ServiceError {
        .invalidParameter("Invalid experiment ID '\(text)'. Experiment ID must be a valid integer.")
    }
}
