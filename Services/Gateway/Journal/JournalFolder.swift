internal import Foundation
internal import Glibc
internal import ServiceKit

/// The folder in which gateways keep their journals: `DATABASE-GATEWAY-PART.journal`, and `DATABASE-GATEWAY.lock`, which a gateway
/// holds as long as it lives. Gateways on one machine may share it: then each takes over what a dead one has left.
struct JournalFolder: Sendable {
    let path: String
    /// Names the database: journals of another one in the same folder are left alone.
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

    func part(_ number: Int, of gateway: Int64) -> String { "\(path)/\(database)-\(gateway)-\(number).journal" }

    /// Claims the name of a gateway; `nil` while another process has it.
    func lock(_ gateway: Int64) -> JournalLock? { JournalLock(path: "\(path)/\(database)-\(gateway).lock") }

    /// The gateways that have left something here, but for one.
    func gateways(but own: Int64) -> [Int64] {
        names("\(database)-", ".lock").compactMap { Int64($0.number) }.filter { $0 != own }.sorted()
    }

    /// The parts of a gateway's journal, oldest first.
    func parts(of gateway: Int64) -> [String] {
        names("\(database)-\(gateway)-", ".journal").compactMap { name, number in Int(number).map { ($0, name) } }
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
final class JournalLock: Sendable {
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
