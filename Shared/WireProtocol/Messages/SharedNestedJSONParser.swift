internal import Synchronization

/// Parses the JSON inside strings of one request, with one limit for all of them.
final class SharedNestedJSONParser: Sendable {
    private let parser: Mutex<NestedJSONParser>
    private let reserve: @Sendable (_ json: String) throws -> Void

    /// - Parameter reserve: reserves the memory for the values of a string, or throws.
    init(limits: JSONLimits = .standard, reserve: @escaping @Sendable (_ json: String) throws -> Void = { _ in }) {
        parser = Mutex(NestedJSONParser(limits: limits))
        self.reserve = reserve
    }

    /// Parses a string; returns `nil` when it isn't JSON, or exceeds the remaining limit.
    ///
    /// - Throws: any error that `reserve` throws.
    func value(_ text: String) throws -> JSONValue? {
        try reserve(text)
        return parser.withLock { $0.value(text) }
    }
}
