internal import WireProtocol

/// The IDs of experiments: numbers, which clients send as text.
enum ExperimentID {
    /// The ID of the default experiment.
    static let `default`: Int64 = 0

    /// Parses an experiment ID: a decimal number, or an empty string for the default experiment.
    ///
    /// - Throws: MLflow's error for a string that isn't a number, or for one that is too large for any experiment.
    static func parse(_ text: String) throws -> Int64 {
        if text.isEmpty { return `default` }
        let digits = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        if let id = Int64(digits) { return id }
        if !digits.isEmpty, digits.allSatisfy(\.isNumber) { throw ServiceError.doesNotExist("No Experiment with id=\(digits) exists") }
        throw ServiceError.invalidExperimentID(text)
    }
}
