import Foundation
import Primitives
import Testing

@Suite struct FileLockTests {
    private let path = NSTemporaryDirectory() + "/unladen-lock-" + UUID().uuidString

    @Test func `Only one can hold the lock, until it is released`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(!FileLock.isLocked(path))
        do {
            let lock = try FileLock(path: path)
            #expect(FileLock.isLocked(path))
            #expect(throws: FileLock.Failure.alreadyLocked) { try FileLock(path: path) }
            withExtendedLifetime(lock) {}
        }
        #expect(!FileLock.isLocked(path))
        _ = try FileLock(path: path)
    }

    @Test func `The file can be read by its owner only and has what the holder wrote last`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lock = try FileLock(path: path)
        lock.write("a longer text")
        lock.write("1\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "1\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        lock.removeFile()
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `A file that can't be created is reported with the reason`() {
        #expect(throws: FileLock.Failure.unavailable("No such file or directory")) { try FileLock(path: path + "/missing/lock") }
    }
}
