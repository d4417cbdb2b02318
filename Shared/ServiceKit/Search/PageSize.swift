internal import WireProtocol

/// How many results a client asks for.
package enum PageSize {
    /// - Throws: MLflow's error unless the number is positive and within the limit, if there's one.
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
