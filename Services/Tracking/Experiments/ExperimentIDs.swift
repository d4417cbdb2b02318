internal import WireProtocol

/// The experiments that a search looks into.
enum ExperimentIDs {
    /// The ids as numbers, each once. One that is too large for any experiment finds nothing, like that of an unknown experiment.
    ///
    /// - Throws: MLflow's error for a text that is no number.
    static func parse(_ texts: [String]) throws -> [Int64] {
        var seen: Set<Int64> = []
        return try texts.compactMap { text in
            do {
                guard !text.isEmpty else { throw ExperimentService.invalid(id: text) }
                let id = try ExperimentService.parse(id: text)
                return seen.insert(id).inserted ? id : nil
            } catch let error as ServiceError where error.code == .resourceDoesNotExist {
                return nil
            }
        }
    }
}
