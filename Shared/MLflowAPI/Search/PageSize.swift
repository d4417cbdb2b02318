internal import WireProtocol

/// The number of results that a client requests.
package enum PageSize {
    /// Validates a page size.
    ///
    /// - Throws: MLflow's error unless the size is positive and within the limit.
    package static func checked(_ size: Int64, limit: Int = .max) throws -> Int {
        guard size > 0, let number = Int(exactly: size) else {
            throw ServiceError.invalidParameter(
                "Invalid value \(size) for parameter 'max_results' supplied. It must be a positive integer")
        }
        guard number <= limit else {
            throw ServiceError.invalidParameter(
                "Invalid value \(size) for parameter 'max_results' supplied. It must be at most \(limit)")
        }
        return number
    }
}
