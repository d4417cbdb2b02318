extension Duration {
    /// Formatted for messages, in seconds with one decimal: `0.2 s`.
    var formattedSeconds: String { "\((self / .milliseconds(100)).rounded() / 10) s" }
}

extension BinaryInteger {
    /// Formatted as a number of bytes, in the largest decimal unit: `52.4 MB`.
    var formattedBytes: String {
        var amount = Double(self)
        for unit in ["bytes", "kB", "MB", "GB"] {
            if amount < 1000 { return unit == "bytes" ? "\(self) bytes" : "\((amount * 10).rounded() / 10) \(unit)" }
            amount /= 1000
        }
        return "\((amount * 10).rounded() / 10) TB"
    }
}
