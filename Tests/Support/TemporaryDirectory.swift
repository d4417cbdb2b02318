internal import Foundation

/// Runs `body` with the path of an empty directory, which is removed afterwards.
package func withTemporaryDirectory<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(component: "unladen-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.path)
}
