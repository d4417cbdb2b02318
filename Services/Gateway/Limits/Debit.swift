internal import Primitives

/// An amount that a request takes from a limit's window.
struct Debit: Sendable, Equatable {
    /// More than any cap, and small enough that the sum of all debits of a process can't overflow.
    static let maximum: Int64 = 1_000_000_000_000_000

    /// The rule's name, followed by `|` and the client, key, team or route if the rule counts each separately.
    var counter: String
    /// Start of the window in seconds since 1970; 0 for concurrent requests.
    var window: Int64
    /// Requests, tokens or billionths of a dollar.
    var amount: Int64

    /// Returns one debit per window, with the sum of its amounts.
    static func merged(_ debits: [Debit]) -> [Debit] {
        var sums: [Debit] = []
        sums.reserveCapacity(debits.count)
        for debit in debits {
            if let index = sums.firstIndex(where: { $0.counter == debit.counter && $0.window == debit.window }) {
                sums[index].amount.addSaturating(debit.amount)
            } else {
                sums.append(debit)
            }
        }
        return sums
    }
}
