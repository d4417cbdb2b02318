import Foundation
import Testing

@testable import ServiceKit

@Suite struct RenamedDefaultTests {
    @Test(arguments: [([], "new"), (["new"], "new"), (["old"], "old"), (["new", "old"], "old")])
    func `A folder under the former name stays in use`(existing: [String], expected: String) {
        #expect(RenamedDefault.folder("new", formerly: "old") { existing.contains($0) } == expected)
    }

    @Test func `A file under the former name doesn't count`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("unladen-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(RenamedDefault.folder("new", formerly: file.path) == "new")
        #expect(RenamedDefault.folder("new", formerly: file.deletingLastPathComponent().path) != "new")
    }
}
