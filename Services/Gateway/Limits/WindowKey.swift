/// One window of one counter.
struct WindowKey: Hashable, Comparable, Sendable {
    var counter: String
    /// Start of the window in seconds since 1970; 0 for concurrent requests.
    var window: Int64

    static func < (left: Self, right: Self) -> Bool { (left.counter, left.window) < (right.counter, right.window) }
}
