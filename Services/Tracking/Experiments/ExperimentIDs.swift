internal import WireProtocol

/// Parser for the experiment IDs of a search request.
enum ExperimentIDs {
    /// Parses IDs and removes duplicates. IDs too large for any experiment are dropped, since they match nothing, like the ID of
    /// an unknown experiment.
    ///
    /// - Throws: MLflow's error for a string that isn't a number.
    static func parse(_ texts: [String]) throws -> [Int64] {
        var seen: Set<Int64> = []
        return try texts.compactMap { text in
            do {
                guard !text.isEmpty else { throw ServiceError.invalidExperimentID(text) }
                let id = try ExperimentID.parse(text)
                return seen.insert(id).inserted ? id : nil
            } catch let error as ServiceError where error.code == .resourceDoesNotExist {
                return nil
            }
        }
    }
}
