internal import Foundation
internal import Primitives
internal import ServiceKit

/// The directory of usage logs: `DATABASE-GATEWAY-SEGMENT.journal`, and `DATABASE-GATEWAY.lock`, which a gateway holds while it
/// runs. Gateways on one machine may share the directory, and recover each other's logs after a crash. The extension is the usage
/// log's former name; it stays, so that existing logs are recovered.
struct UsageLogDirectory: Sendable {
    let path: String
    /// Identifies the database: logs for another one in the same directory are left alone.
    let database: String

    /// Creates the directory if it doesn't exist.
    ///
    /// - Throws: `ConfigurationError`.
    init(path: String, database: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError("--usage-log-dir: can't create the directory \(path)")
        }
        self.path = path
        self.database = database
    }

    func segmentPath(_ number: Int, of replicaID: Int64) -> String { "\(path)/\(database)-\(replicaID)-\(number).journal" }

    /// Locks the log of a gateway; `nil` while another process holds the lock.
    func lock(_ replicaID: Int64) -> FileLock? { try? FileLock(path: "\(path)/\(database)-\(replicaID).lock") }

    /// The other gateways that have lock files here.
    func replicas(except own: Int64) -> [Int64] {
        names("\(database)-", ".lock").compactMap { Int64($0.number) }.filter { $0 != own }.sorted()
    }

    /// The paths of the segments of a gateway's log, oldest first.
    func segments(of replicaID: Int64) -> [String] {
        names("\(database)-\(replicaID)-", ".journal").compactMap { name, number in Int(number).map { ($0, name) } }
            .sorted { $0.0 < $1.0 }.map { "\(path)/\($0.1)" }
    }

    /// Files with a prefix and a suffix, with the part of the name in between.
    private func names(_ prefix: String, _ suffix: String) -> [(name: String, number: Substring)] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { ($0, $0.dropFirst(prefix.count).dropLast(suffix.count)) }
    }
}
