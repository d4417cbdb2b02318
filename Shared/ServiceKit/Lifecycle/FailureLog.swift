package import Logging

/// Logs the failures of repeated work without flooding the log: only when they begin or their cause changes, and when they end.
package struct FailureLog: Sendable {
    private let logger: Logger
    private let level: Logger.Level
    private let failed: Logger.Message
    private let recovered: Logger.Message?
    private var cause: String?

    /// - Parameters:
    ///   - level: the level of `failed`.
    ///   - failed: the message when failures begin or their cause, which is its metadata, changes.
    ///   - recovered: the message at the first success after failures, with the level `notice`; `nil` if it isn't worth one.
    package init(_ logger: Logger, _ level: Logger.Level, _ failed: Logger.Message, recovered: Logger.Message? = nil) {
        self.logger = logger
        self.level = level
        self.failed = failed
        self.recovered = recovered
    }

    mutating func recordFailure(_ error: any Error) {
        let cause = "\(error)"
        guard cause != self.cause else { return }
        self.cause = cause
        logger.log(level: level, failed, metadata: ["cause": "\(cause)"])
    }

    mutating func recordSuccess() {
        guard cause != nil else { return }
        cause = nil
        if let recovered { logger.notice(recovered) }
    }
}
