/// One period of one counter.
struct WindowKey: Hashable, Comparable, Sendable {
    var counter: String
    /// Start in seconds since 1970; 0 for requests at the same time.
    var window: Int64

    static func < (left: Self, right: Self) -> Bool { (left.counter, left.window) < (right.counter, right.window) }
}
