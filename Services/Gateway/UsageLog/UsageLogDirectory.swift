internal import Foundation
internal import Glibc
internal import ServiceKit

/// The directory in which gateways keep their usage logs: `DATABASE-GATEWAY-PART.journal`, and `DATABASE-GATEWAY.lock`, which a
/// gateway holds as long as it lives. Gateways on one machine may share it: then each takes over what a dead one has left.
struct UsageLogDirectory: Sendable {
    let path: String
    /// Names the database: logs of another one in the same folder are left alone.
    let database: String

    /// Makes the folder unless it is there.
    ///
    /// - Throws: `ConfigurationError`.
    init(path: String, database: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ConfigurationError("--journal-dir: can't make the folder \(path)")
        }
        self.path = path
        self.database = database
    }

    func segmentPath(_ number: Int, of replicaID: Int64) -> String { "\(path)/\(database)-\(replicaID)-\(number).journal" }

    /// Claims the name of a gateway; `nil` while another process has it.
    func lock(_ replicaID: Int64) -> UsageLogLock? { UsageLogLock(path: "\(path)/\(database)-\(replicaID).lock") }

    /// The gateways that have left something here, but for one.
    func replicas(except own: Int64) -> [Int64] {
        names("\(database)-", ".lock").compactMap { Int64($0.number) }.filter { $0 != own }.sorted()
    }

    /// The segments of a gateway's log, oldest first.
    func segments(of replicaID: Int64) -> [String] {
        names("\(database)-\(replicaID)-", ".journal").compactMap { name, number in Int(number).map { ($0, name) } }
            .sorted { $0.0 < $1.0 }.map { "\(path)/\($0.1)" }
    }

    /// The files with such a beginning and end, and what stands between.
    private func names(_ prefix: String, _ suffix: String) -> [(name: String, number: Substring)] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { ($0, $0.dropFirst(prefix.count).dropLast(suffix.count)) }
    }
}

/// A claim that ends with the process at the latest.
final class UsageLogLock: Sendable {
    private let path: String
    private let file: Int32

    fileprivate init?(path: String) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            return nil
        }
        self.path = path
        self.file = file
    }

    /// Takes the file away: nothing is left of that gateway.
    func remove() { unlink(path) }

    deinit { close(file) }
}
