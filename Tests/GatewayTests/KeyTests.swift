import Database
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Gateway

@Suite struct KeyTests {
    private func ring(_ fixture: GatewayFixture, _ clock: TestClock = TestClock()) -> KeyRing {
        KeyRing(store: KeyStore(database: fixture.database), time: clock.source, logger: GatewayFixture.logger)
    }

    private func status(_ ring: KeyRing, _ key: String, fixed: [FixedKey] = []) async -> Int {
        do {
            _ = try await ring.caller(key: key, address: "a", fixed: fixed)
            return 200
        } catch {
            return GatewayError(error).status
        }
    }

    @Test(arguments: TestEngine.available)
    func `A key opens what it was made for until it is revoked or expires, and is kept nowhere`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let clock = TestClock(start: 1000)
            let maker = KeyMaker(store: KeyStore(database: fixture.database), time: clock.source)
            let made = try await maker.make(name: "n", team: "t", routes: ["a", "b"], lifetime: nil)
            let ring = ring(fixture, clock)
            let caller = try await ring.caller(key: made.key, address: "1.2.3.4", fixed: [])
            #expect(caller.team == "t")
            #expect(caller.mayUse("a"))
            #expect(!caller.mayUse("c"))
            #expect(await status(ring, made.key + "x") == 401)
            #expect(await status(ring, "") == 401)
            let hashes = try await fixture.database.read { try $0.rows("SELECT hash, hint FROM gateway_keys") { $0.text(0) + $0.text(1) } }
            #expect(!hashes.joined().contains(made.key))

            let short = try await maker.make(name: "short", team: nil, routes: nil, lifetime: 5)
            #expect(await status(ring, short.key) == 200)
            for _ in 0..<5 { _ = clock.source.now() }
            #expect(await status(ring, short.key) == 401)

            // Revoked by another gateway.
            #expect(try await KeyStore(database: fixture.database).revoke(id: made.entry.id, at: clock.source.now()))
            try await ring.refresh()
            #expect(await status(ring, made.key) == 401)
        }
    }

    @Test func `While the database is away, known keys work and others are no wrong ones`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            let maker = KeyMaker(store: KeyStore(database: database), time: .system)
            let made = try await maker.make(name: "n", team: nil, routes: nil, lifetime: nil)
            let other = try await maker.make(name: "o", team: nil, routes: nil, lifetime: nil)
            let ring = KeyRing(store: KeyStore(database: database), time: .system, logger: GatewayFixture.logger)
            #expect(await status(ring, made.key) == 200)
            database.isAway = true
            #expect(await status(ring, made.key) == 200)
            #expect(await status(ring, other.key) == 503)
            database.isAway = false
            #expect(await status(ring, other.key) == 200)
        }
    }

    @Test func `Keys of the file work without the database, until they expire`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            database.isAway = true
            let fixed = FixedKey(name: "f", hash: KeyHash.of("a fixed key of the file"), team: "t")
            let old = FixedKey(name: "g", hash: KeyHash.of("an old key of the file"), expires: Date(timeIntervalSince1970: 0))
            let ring = KeyRing(store: KeyStore(database: database), time: .system, logger: GatewayFixture.logger)
            #expect(await status(ring, "a fixed key of the file", fixed: [fixed, old]) == 200)
            #expect(await status(ring, "an old key of the file", fixed: [fixed, old]) == 401)
        }
    }
}
