import Foundation
import PluginHost
import TestSupport
import Testing

/// Which files are trusted: whoever can change one of them can run code in this process.
@Suite struct PluginFileTests {
    private static let files = ["libgreeter.so", "greeter.plugin.json", "greeter.vectors.json"]

    @Test(arguments: files)
    func `A file that all users can change is rejected`(file: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: directory + "/" + file)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.map(\.reason) == ["\(directory)/\(file) must not be writable by all users"])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "Only root can change the owner of a file."), arguments: files)
    func `A file of another user is rejected`(file: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            try FileManager.default.setAttributes([.ownerAccountID: 12345], ofItemAtPath: directory + "/" + file)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.isEmpty)
            #expect(
                catalog.rejected.map(\.reason) == [
                    "\(directory)/\(file) belongs to user 12345, but must belong to root or to user 0, who runs this program"
                ])
        }
    }

    @Test(arguments: files)
    func `A pipe is rejected instead of blocking the start`(file: String) async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory)
            try FileManager.default.removeItem(atPath: directory + "/" + file)
            #expect(mkfifo(directory + "/" + file, 0o600) == 0)
            let catalog = Greeter.catalog(directory)
            #expect(catalog.plugins.isEmpty)
            #expect(catalog.rejected.map(\.reason) == ["\(directory)/\(file) is not a regular file"])
        }
    }

    @Test func `A symbolic link to a trusted file is followed`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory + "/real/versions")
            try FileManager.default.createDirectory(atPath: directory + "/plugins", withIntermediateDirectories: true)
            for file in Self.files {
                try FileManager.default.createSymbolicLink(
                    atPath: directory + "/plugins/" + file, withDestinationPath: directory + "/real/versions/" + file)
            }
            let catalog = Greeter.catalog(directory + "/plugins")
            #expect(catalog.rejected == [])
            #expect(catalog.plugins.count == 1)
        }
    }

    @Test func `A manifest that is too long is rejected`() async throws {
        try await withTemporaryDirectory { directory in
            try Greeter.make(in: directory, manifest: Greeter.manifest + String(repeating: " ", count: 64 << 10))
            #expect(Greeter.catalog(directory).rejected.map(\.reason) == ["\(directory)/greeter.plugin.json is longer than 65536 bytes"])
        }
    }
}
