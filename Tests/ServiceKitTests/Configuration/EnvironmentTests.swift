import ArgumentParser
import Testing

@testable import ServiceKit

@Suite struct EnvironmentTests {
    private func options(_ variables: [String: String], flags: [String] = []) throws -> ServiceOptions {
        try Environment.$current.withValue(Environment(variables)) { try ServiceOptions.parse(flags) }
    }

    @Test func `A flag takes precedence over its variable, and the variable over the default`() throws {
        #expect(try options([:]).host == "127.0.0.1")
        #expect(try options(["UNLADEN_HOST": "0.0.0.0"]).host == "0.0.0.0")
        #expect(try options(["UNLADEN_HOST": "0.0.0.0"], flags: ["--host", "::1"]).host == "::1")
        let timeout = "UNLADEN_KEEP_ALIVE_TIMEOUT"
        #expect(try options([:]).connections.keepAliveTimeout.duration == .seconds(75))
        #expect(try options([timeout: "2m"]).connections.keepAliveTimeout.duration == .seconds(120))
        #expect(try options([timeout: "2m"], flags: ["--keep-alive-timeout", "1s"]).connections.keepAliveTimeout.duration == .seconds(1))
    }

    @Test func `The first variable that is set counts, and an empty one isn't set`() {
        for (variables, value) in [
            ([:], nil), (["A": "1", "B": "2"], "1"), (["B": "2"], "2"), (["A": "", "B": "2"], "2"), (["A": "", "B": ""], nil),
        ] as [([String: String], String?)] {
            Environment.$current.withValue(Environment(variables)) { #expect(Environment["A", "B"] == value) }
        }
    }

    @Test(arguments: [
        ("UNLADEN_LOG_LEVEL", "loud"), ("UNLADEN_DRAIN_TIMEOUT", "soon"), ("UNLADEN_REQUEST_MEMORY", "much"),
        ("UNLADEN_MAX_CONNECTIONS", "0"),
    ])
    func `An invalid variable is reported by its name`(name: String, value: String) {
        let error = #expect(throws: (any Error).self) { try options([name: value]) }
        #expect(error.map(ServiceOptions.message(for:))?.contains("\(name) must be ") == true)
    }
}
