/// Maps the row ID of each candidate run to its position in the default order.
struct RunPositions {
    private let lowest: Int64
    /// Positions indexed by row ID minus `lowest`; -1 for no candidate. Row IDs are mostly consecutive, so this is the usual case.
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

    /// The position of a run; `nil` if it isn't a candidate.
    subscript(run: Int64) -> Int? {
        guard !dense.isEmpty else { return sparse[run].map { Int($0) } }
        let offset = run.subtractingReportingOverflow(lowest)
        guard !offset.overflow, offset.partialValue >= 0, offset.partialValue < Int64(dense.count) else { return nil }
        let position = dense[Int(offset.partialValue)]
        return position < 0 ? nil : Int(position)
    }
}
