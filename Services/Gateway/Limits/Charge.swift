/// An amount that a request takes of a limit's window.
struct Charge: Sendable, Equatable {
    /// More than any cap; sums of as many as a process can have don't overflow.
    static let most: Int64 = 1_000_000_000_000_000

    /// The rule's name, and what it counts for if it has a count for each.
    var counter: String
    /// Start of the window in seconds since 1970; 0 for requests at the same time.
    var window: Int64
    /// Requests, tokens or billionths of a dollar.
    var amount: Int64

    /// One charge for each window.
    static func sums(_ charges: [Charge]) -> [Charge] {
        var sums: [Charge] = []
        sums.reserveCapacity(charges.count)
        for charge in charges {
            if let index = sums.firstIndex(where: { $0.counter == charge.counter && $0.window == charge.window }) {
                sums[index].amount.add(charge.amount)
            } else {
                sums.append(charge)
            }
        }
        return sums
    }
}
