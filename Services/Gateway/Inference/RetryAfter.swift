/// The delay that a provider asks for before the next request.
enum RetryAfter {
    /// The delay of `retry-after-ms` or `Retry-After` in seconds, at most a day. HTTP dates aren't supported, since no provider sends them.
    static func seconds(_ response: UpstreamResponse) -> Double? {
        let milliseconds = response.header("retry-after-ms").flatMap(Double.init).map { $0 / 1000 }
        guard let seconds = milliseconds ?? response.header("retry-after").flatMap(Double.init), seconds >= 0 else { return nil }
        return min(seconds, 86400)
    }
}
