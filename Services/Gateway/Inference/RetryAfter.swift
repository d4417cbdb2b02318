/// How long a provider wants to be left alone.
enum RetryAfter {
    /// In seconds; a date isn't understood, as no provider sends one.
    static func seconds(_ response: UpstreamResponse) -> Double? {
        let milliseconds = response.header("retry-after-ms").flatMap(Double.init).map { $0 / 1000 }
        guard let seconds = milliseconds ?? response.header("retry-after").flatMap(Double.init), seconds >= 0 else { return nil }
        return min(seconds, 86400)
    }
}
