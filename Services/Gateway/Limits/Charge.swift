/// An amount that a request takes of a limit's window.
struct Charge: Sendable, Equatable {
    /// The rule's name, and what it counts for if it has a count for each.
    var counter: String
    /// Start of the window in seconds since 1970; 0 for requests at the same time.
    var window: Int64
    /// Requests, tokens or billionths of a dollar.
    var amount: Int64
}
