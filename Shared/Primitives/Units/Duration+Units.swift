extension Duration {
    /// Whole milliseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var milliseconds: Int64 { whole(attoseconds: 1_000_000_000_000_000) }

    /// Whole microseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var microseconds: Int64 { whole(attoseconds: 1_000_000_000_000) }

    /// Whole nanoseconds, rounded towards zero; the nearest value that fits if there are too many.
    package var nanoseconds: Int64 { whole(attoseconds: 1_000_000_000) }

    /// - Parameter unit: the length of the unit.
    private func whole(attoseconds unit: Int64) -> Int64 {
        // Divisions of 128 bits are slow, and a duration below nine seconds has less than 64.
        if let short = Int64(exactly: attoseconds) { return short / unit }
        return Int64(clamping: attoseconds / Int128(unit))
    }
}
