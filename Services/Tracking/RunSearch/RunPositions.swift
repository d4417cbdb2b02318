/// The position of each candidate run in the default order, found by the run's number.
struct RunPositions {
    private let lowest: Int64
    /// By number from `lowest` on: the position, or -1. Numbers given one after another make this the usual case.
    private let dense: [Int32]
    private let sparse: [Int64: Int32]

    init(_ runs: [Int64]) {
        let lowest = runs.min() ?? 0
        let span = (runs.max() ?? 0).subtractingReportingOverflow(lowest)
        self.lowest = lowest
        if !span.overflow, span.partialValue < Int64(runs.count) * 8 + 1024 {
            var dense = [Int32](repeating: -1, count: Int(span.partialValue) + 1)
            for (position, run) in runs.enumerated() { dense[Int(run - lowest)] = Int32(truncatingIfNeeded: position) }
            self.dense = dense
            sparse = [:]
        } else {
            dense = []
            sparse = runs.enumerated().reduce(into: [:]) { $0[$1.element] = Int32(truncatingIfNeeded: $1.offset) }
        }
    }

    /// The position of a run, `nil` when it is no candidate.
    subscript(run: Int64) -> Int? {
        guard !dense.isEmpty else { return sparse[run].map { Int($0) } }
        let offset = run.subtractingReportingOverflow(lowest)
        guard !offset.overflow, offset.partialValue >= 0, offset.partialValue < Int64(dense.count) else { return nil }
        let position = dense[Int(offset.partialValue)]
        return position < 0 ? nil : Int(position)
    }
}
