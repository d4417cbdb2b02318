import ServiceKit
import Testing
import WireProtocol

@Suite struct QueryStringTests {
    @Test func `The number of parameters is limited`() throws {
        #expect(try QueryString.pairs(of: "a=1&b=2", limit: 2).count == 2)
        #expect(throws: ServiceError.self) { try QueryString.pairs(of: "a=1&b=2&c=3", limit: 2) }
        #expect(throws: ServiceError.self) { try QueryString.pairs(of: String(repeating: "a&", count: 20_000)) }
    }
}
