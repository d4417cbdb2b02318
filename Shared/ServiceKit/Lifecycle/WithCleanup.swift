/// Runs `body`, and then `cleanup`, also if `body` throws: `defer` can't wait for asynchronous calls.
package func withCleanup<Result>(
    _ body: () async throws -> Result, cleanup: () async -> Void
) async throws -> Result {
    do {
        let result = try await body()
        await cleanup()
        return result
    } catch {
        await cleanup()
        throw error
    }
}
