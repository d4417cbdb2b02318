extension Validation {
    /// Parses an experiment's ID, which messages contain as a string. An empty one is that of the default experiment, 0.
    ///
    /// - Throws: MLflow's error for a string that isn't a number, or `RESOURCE_DOES_NOT_EXIST` for a number too large for any experiment.
    package static func experimentID(_ text: String) throws -> Int64 {
        if text.isEmpty { return 0 }
        let digits = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        if let id = Int64(digits) { return id }
        if !digits.isEmpty, digits.allSatisfy(\.isNumber) { throw ServiceError.doesNotExist("No Experiment with id=\(digits) exists") }
        throw invalidExperimentID(text)
    }

    /// MLflow's error for an invalid experiment ID.
    package static func invalidExperimentID(_ text: String) -> ServiceError {
        .invalidParameter("Invalid experiment ID '\(text)'. Experiment ID must be a valid integer.")
    }
}
