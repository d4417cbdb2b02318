internal import Synchronization

/// Reads the JSON that strings of one request hold, within one limit for all of them.
final class SharedNestedJSONParser: Sendable {
    private let parser: Mutex<NestedJSONParser>
    private let reserve: @Sendable (_ json: String) throws -> Void

    /// - Parameter reserve: reserves the memory for the values of a text, or throws.
    init(limits: JSONLimits = .standard, reserve: @escaping @Sendable (_ json: String) throws -> Void = { _ in }) {
        parser = Mutex(NestedJSONParser(limits: limits))
        self.reserve = reserve
    }

    /// The value of a text; `nil` when it isn't JSON, or exceeds what is left of the limit.
    ///
    /// - Throws: what `reserve` throws.
    func value(_ text: String) throws -> JSONValue? {
        try reserve(text)
        return parser.withLock { $0.value(text) }
    }
}
