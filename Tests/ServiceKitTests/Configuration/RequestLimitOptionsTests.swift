import ArgumentParser
import ServiceKit
import Testing
import WireProtocol

@Suite struct RequestLimitOptionsTests {
    @Test func `Without flags, the standard limits apply`() throws {
        #expect(try RequestLimitOptions.parse([]).limits() == .standard)
    }

    @Test func `Each flag sets its limit`() throws {
        let limits = try RequestLimitOptions.parse([
            "--max-request-bytes", "1", "--max-decompressed-bytes", "2", "--max-request-nodes", "3", "--max-request-depth", "4",
        ]).limits()
        #expect(limits.bodyBytes == 1)
        #expect(limits.decompressedBytes == 2)
        #expect(limits.json.maximumNodes == 3)
        #expect(limits.json.maximumDepth == 4)
    }

    @Test(arguments: [
        ["--max-request-bytes", "0"], ["--max-request-nodes", "-1"], ["--max-request-depth", "257"], ["--max-request-nodes", "many"],
    ])
    func `A number out of range is rejected`(arguments: [String]) {
        #expect(throws: (any Error).self) { try RequestLimitOptions.parse(arguments) }
    }
}
