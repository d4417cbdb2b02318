import Foundation
import PluginHost
import TestSupport
import Testing

/// Which files are trusted: whoever can change one of them can run code in this process.
@Suite struct PluginFileTests {
    private static let files = ["libgreeter.so", "greeter.plugin.json", "greeter.vectors.json"]

    @Test(arguments: files)
    func `A file that all users can change is rejected`(file: String) async throws {
        try await withTemporaryDirectory { folder in
            try Greeter.make(in: folder)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: folder + "/" + file)
            let catalog = Greeter.catalog(folder)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.map(\.reason) == ["\(folder)/\(file) must not be writable by all users"])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "Only root can change the owner of a file."), arguments: files)
    func `A file of another user is rejected`(file: String) async throws {
        try await withTemporaryDirectory { folder in
            try Greeter.make(in: folder)
            try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: folder + "/" + file)
            let catalog = Greeter.catalog(folder)
            #expect(catalog.plugins.isEmpty)
            #expect(
                catalog.rejected.map(\.reason) == [
                    "\(folder)/\(file) belongs to user 12345, but must belong to root or to user 0, who runs this program"
                ])
        }
    }

    @Test(arguments: files)
    func `A pipe is rejected instead of blocking the start`(file: String) async throws {
        try await withTemporaryDirectory { folder in
            try Greeter.make(in: folder)
            try FileManager.default.removeItem(atPath: folder + "/" + file)
            #expect(mkfifo(folder + "/" + file, 0o600) == 0)
            let catalog = Greeter.catalog(folder)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.map(\.reason) == ["\(folder)/\(file) is not a regular file"])
        }
    }

    @Test func `A symbolic link to a trusted file is followed`() async throws {
        try await withTemporaryDirectory { folder in
            try Greeter.make(in: folder + "/real/versions")
            try FileManager.default.createDirectory(atPath: folder + "/plugins", withIntermediateDirectories: true)
            for file in Self.files {
                try FileManager.default.createSymbolicLink(
                    atPath: folder + "/plugins/" + file, withDestinationPath: folder + "/real/versions/" + file)
            }
            let catalog = Greeter.catalog(folder + "/plugins")
            #expect(catalog.rejected == [])
            #expect(catalog.plugins.count == 1)
        }
    }

    @Test func `A manifest that is too long is rejected`() async throws {
        try await withTemporaryDirectory { folder in
            try Greeter.make(in: folder, manifest: Greeter.manifest + String(repeating: " ", count: 64 << 10))
            #expect(Greeter.catalog(folder).rejected.map(\.reason) == ["\(folder)/greeter.plugin.json is longer than 65536 bytes"])
        }
    }
}
