/// Computes what may take many milliseconds on Swift's pool of threads, and not on the one that reads this connection and others.
package func aside<Result: Sendable>(_ body: @Sendable () throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor) { try body() }
}
