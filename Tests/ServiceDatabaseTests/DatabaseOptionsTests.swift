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
}
