/// Computes percentiles with linear interpolation between two ranks, as PostgreSQL's `percentile_cont` does.
struct Quantiles {
    private var values: [Double]

    /// - Parameter values: values without NaN.
    init(_ values: [Double]) {
        self.values = values
    }

    /// The percentiles in the requested order; all `nil` if there are no values.
    ///
    /// Sorts the values only as far as needed: each percentile takes about two passes over them.
    ///
    /// - Parameter percentiles: numbers between 0 and 100.
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
                // All values after the rank are already behind it.
                let high = buffer[(lower + 1)...].reduce(.infinity) { $1 < $0 ? $1 : $0 }
                return low + fraction * (high - low)
            }
        }
    }

    /// Moves the value of a given rank to its sorted position, with smaller values before and larger values after it.
    private static func select(_ rank: Int, _ buffer: inout UnsafeMutableBufferPointer<Double>) {
        var range = 0..<buffer.count
        // A step usually leaves less than three quarters. The bound on steps limits the effect of bad pivots.
        var steps = 2 * (Int.bitWidth - buffer.count.leadingZeroBitCount)
        while range.count > 16, steps > 0 {
            let equal = partition(&buffer, range)
            if equal.contains(rank) { return }
            range = rank < equal.lowerBound ? range.lowerBound..<equal.lowerBound : equal.upperBound..<range.upperBound
            steps -= 1
        }
        buffer[range].sort()
    }

    /// Moves smaller values before those equal to the pivot, and larger values after them.
    ///
    /// - Returns: the range of the pivot and its equals.
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
