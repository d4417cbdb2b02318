import ArgumentParser
import ServiceDatabase
import ServiceKit
import Testing

@Suite struct DatabaseOptionsTests {
    @Test(arguments: [
        "postgres:user:hunter2@db/x", "mysql://user:hunter2@db/x", "mysql://user:hun@ter2/hunter2@db/x", "sqlite://user:hunter2@x",
        "user:hunter2@db",
    ])
    func `The error for an invalid database URI contains no password`(uri: String) throws {
        let options = try DatabaseOptions.parse(["--backend-store-uri", uri])
        let error = #expect(throws: ConfigurationError.self) { _ = try options.open(default: "x.db") }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("REDACTED") == true)
    }

    @Test func `The number of connections comes from the flag, the variable or the default`() throws {
        func connections(_ variable: String, flags: [String] = []) throws -> Int {
            try Environment.$current.withValue(Environment(["UNLADEN_DATABASE_CONNECTIONS": variable])) {
                try DatabaseOptions.parse(flags).databaseConnections
            }
        }
        #expect(try connections("") == 8)
        #expect(try connections("20") == 20)
        #expect(try connections("20", flags: ["--database-connections", "4"]) == 4)
        for invalid in ["many", "1"] { #expect(throws: (any Error).self) { try connections(invalid) } }
    }
}
