/// An amount that a request takes of a limit's window.
struct Debit: Sendable, Equatable {
    /// More than any cap; sums of as many as a process can have don't overflow.
    static let maximum: Int64 = 1_000_000_000_000_000

    /// The rule's name, and what it counts for if it has a count for each.
    var counter: String
    /// Start of the window in seconds since 1970; 0 for requests at the same time.
    var window: Int64
    /// Requests, tokens or billionths of a dollar.
    var amount: Int64

    /// One debit for each window.
    static func merged(_ debits: [Debit]) -> [Debit] {
        var sums: [Debit] = []
        sums.reserveCapacity(debits.count)
        for debit in debits {
            if let index = sums.firstIndex(where: { $0.counter == debit.counter && $0.window == debit.window }) {
                sums[index].amount.addSaturated(debit.amount)
            } else {
                sums.append(debit)
            }
        }
        return sums
    }
}
