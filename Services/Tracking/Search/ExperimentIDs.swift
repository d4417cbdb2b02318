internal import WireProtocol

/// The experiments that a search looks into.
enum ExperimentIDs {
    /// The ids as numbers. One that is too large for any experiment finds nothing, like that of an unknown experiment.
    ///
    /// - Throws: MLflow's error for a text that is no number.
    static func parse(_ texts: [String]) throws -> [Int64] {
        try texts.compactMap { text in
            do {
                guard !text.isEmpty else { throw ExperimentRules.invalid(id: text) }
                return try ExperimentRules.parse(id: text)
            } catch let error as ServiceError where error.code == .resourceDoesNotExist {
                return nil
            }
        }
    }
}
