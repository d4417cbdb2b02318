/// Percentiles of values, interpolated linearly between two ranks, as PostgreSQL's `percentile_cont` does.
struct Quantiles {
    private var values: [Double]

    /// - Parameter values: none is NaN.
    init(_ values: [Double]) {
        self.values = values
    }

    /// The percentiles, in the order in which they are asked for; `nil` for each when there are no values.
    ///
    /// Values are only sorted as far as that needs: each percentile takes about two passes over them.
    ///
    /// - Parameter percentiles: between 0 and 100.
    mutating func percentiles(_ percentiles: [Double]) -> [Double?] {
        guard !values.isEmpty else { return percentiles.map { _ in nil } }
        let last = values.count - 1
        return percentiles.map { percentile in
            let position = percentile / 100 * Double(last)
            let lower = min(Int(position), last)
            let fraction = position - Double(lower)
            return values.withUnsafeMutableBufferPointer { buffer in
                Self.select(lower, &buffer)
                let low = buffer[lower]
                guard fraction > 0, lower < last else { return low }
                // All that come behind the rank are behind it by now.
                let high = buffer[(lower + 1)...].reduce(.infinity) { $1 < $0 ? $1 : $0 }
                return low + fraction * (high - low)
            }
        }
    }

    /// Moves the value that has a rank when all are sorted there, smaller ones before it and larger ones behind it.
    private static func select(_ rank: Int, _ buffer: inout UnsafeMutableBufferPointer<Double>) {
        var range = 0..<buffer.count
        // Each step usually leaves less than three quarters; pivots may be unlucky, but not forever.
        var steps = 2 * (Int.bitWidth - buffer.count.leadingZeroBitCount)
        while range.count > 16, steps > 0 {
            let equal = partition(&buffer, range)
            if equal.contains(rank) { return }
            range = rank < equal.lowerBound ? range.lowerBound..<equal.lowerBound : equal.upperBound..<range.upperBound
            steps -= 1
        }
        buffer[range].sort()
    }

    /// Moves smaller values before the pivot's equals and larger ones behind them.
    ///
    /// - Returns: where the pivot and its equals are.
    private static func partition(_ buffer: inout UnsafeMutableBufferPointer<Double>, _ range: Range<Int>) -> Range<Int> {
        let pivot = median(buffer[range.lowerBound], buffer[range.lowerBound + range.count / 2], buffer[range.upperBound - 1])
        var (low, index, high) = (range.lowerBound, range.lowerBound, range.upperBound)
        while index < high {
            let value = buffer[index]
            if value < pivot {
                buffer.swapAt(low, index)
                low += 1
                index += 1
            } else if value > pivot {
                high -= 1
                buffer.swapAt(index, high)
            } else {
                index += 1
            }
        }
        return low..<index
    }

    private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
        max(min(a, b), min(max(a, b), c))
    }
}
