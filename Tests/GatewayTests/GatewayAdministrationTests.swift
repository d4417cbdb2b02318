import ServiceKit
import TestSupport
import Testing

@testable import Gateway

/// Administration from the command line.
@Suite struct GatewayAdministrationTests {
    @Test func `A command closes the database, also if it fails`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            await #expect(throws: ConfigurationError.self) {
                try await GatewayAdministration(database).createKey(name: "", team: nil, routes: nil, expires: nil, asJSON: true)
            }
            #expect(database.isClosed)
        }
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            try await GatewayAdministration(database).listKeys(asJSON: true)
            #expect(database.isClosed)
        }
    }
}
