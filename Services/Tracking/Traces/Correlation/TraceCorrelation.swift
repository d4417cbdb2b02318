internal import Foundation

/// How often two conditions hold for traces, separately and together, and how far the joint count deviates from chance.
struct TraceCorrelation: Sendable, Equatable {
    var total: Int64
    var first: Int64
    var second: Int64
    var joint: Int64

    /// Normalized pointwise mutual information, from -1 (never together) through 0 (independent) to 1 (always together); `nil` if
    /// it is undefined because one of the conditions never holds.
    var npmi: Double? {
        guard isDefined else { return nil }
        return joint == 0 ? -1 : npmi(smoothing: 0)
    }

    /// NPMI with half a trace added to each cell of the contingency table (Jeffreys prior), which is more robust for few traces.
    var smoothedNPMI: Double? { isDefined ? npmi(smoothing: 0.5) : nil }

    private var isDefined: Bool { total > 0 && first > 0 && second > 0 && cells.allSatisfy { $0 >= 0 } }

    /// The contingency table: traces that meet both conditions, only the first, only the second, and neither.
    private var cells: [Int64] { [joint, first - joint, second - joint, total - first - second + joint] }

    private func npmi(smoothing: Double) -> Double? {
        let counts = cells.map { Double($0) + smoothing }
        let (both, sum) = (counts[0], counts.reduce(0, +))
        let (either, other) = (both + counts[1], both + counts[2])
        guard either > 0, other > 0, both > 0 else { return nil }
        if cells.dropFirst().allSatisfy({ $0 == 0 }) { return 1 }
        let information = (log(both) + log(sum)) - (log(either) + log(other))
        return max(-1, min(1, information / -(log(both) - log(sum))))
    }
}
