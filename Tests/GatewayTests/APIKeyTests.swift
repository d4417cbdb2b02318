import Database
import Foundation
import ServiceKit
import TestSupport
import Testing
import WireProtocol

@testable import Gateway

@Suite struct APIKeyTests {
    private func keyCache(_ fixture: GatewayFixture, _ clock: TestClock = TestClock()) -> APIKeyCache {
        APIKeyCache(store: APIKeyStore(database: fixture.database), time: clock.source, logger: GatewayFixture.logger)
    }

    private func status(_ keyCache: APIKeyCache, _ key: String, configuredKeys: [ConfiguredKey] = []) async -> Int {
        do {
            _ = try await keyCache.caller(key: key, address: "a", configuredKeys: configuredKeys)
            return 200
        } catch {
            return ServiceError(error).status
        }
    }

    @Test(arguments: TestEngine.available)
    func `A key allows its routes until it is revoked or expires, and isn't stored`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let clock = TestClock(start: 1000)
            let issuer = APIKeyIssuer(store: APIKeyStore(database: fixture.database), time: clock.source)
            let issued = try await issuer.issue(name: "n", team: "t", routes: ["a", "b"], lifetime: nil)
            let keyCache = keyCache(fixture, clock)
            let caller = try await keyCache.caller(key: issued.key, address: "1.2.3.4", configuredKeys: [])
            #expect(caller.team == "t")
            #expect(caller.mayUse("a"))
            #expect(!caller.mayUse("c"))
            #expect(await status(keyCache, issued.key + "x") == 401)
            #expect(await status(keyCache, "") == 401)
            let hashes = try await fixture.database.read { try $0.rows("SELECT hash, hint FROM gateway_keys") { $0.text(0) + $0.text(1) } }
            #expect(!hashes.joined().contains(issued.key))

            let short = try await issuer.issue(name: "short", team: nil, routes: nil, lifetime: 1000)
            #expect(await status(keyCache, short.key) == 200)
            for _ in 0..<1000 { _ = clock.source.now() }
            #expect(await status(keyCache, short.key) == 401)

            // Revoked by another gateway.
            #expect(try await APIKeyStore(database: fixture.database).revoke(id: issued.entry.id, at: clock.source.now()))
            try await keyCache.refresh()
            #expect(await status(keyCache, issued.key) == 401)
        }
    }

    @Test func `While the database is unavailable, cached keys work and other keys get 503`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            let issuer = APIKeyIssuer(store: APIKeyStore(database: database), time: .system)
            let issued = try await issuer.issue(name: "n", team: nil, routes: nil, lifetime: nil)
            let other = try await issuer.issue(name: "o", team: nil, routes: nil, lifetime: nil)
            let keyCache = APIKeyCache(store: APIKeyStore(database: database), time: .system, logger: GatewayFixture.logger)
            #expect(await status(keyCache, issued.key) == 200)
            database.isUnavailable = true
            #expect(await status(keyCache, issued.key) == 200)
            #expect(await status(keyCache, other.key) == 503)
            database.isUnavailable = false
            #expect(await status(keyCache, other.key) == 200)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A key that another gateway revokes is rejected two seconds later`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let database = InterruptedDatabase(fixture.database)
            let store = APIKeyStore(database: fixture.database)
            let issued = try await APIKeyIssuer(store: store, time: .system).issue(name: "n", team: nil, routes: nil, lifetime: nil)
            let keyCache = APIKeyCache(store: APIKeyStore(database: database), time: .system, logger: GatewayFixture.logger)
            let clock = ManualClock()
            try await withServices([keyCache.periodicRefresh(clock: clock)]) {
                await clock.sleepers()
                _ = try await store.revoke(id: issued.entry.id, at: TimeSource.system.now())
                #expect(await status(keyCache, issued.key) == 200)
                database.isUnavailable = true
                clock.advance(by: .seconds(2))
                await clock.sleepers()
                #expect(await status(keyCache, issued.key) == 200)
                database.isUnavailable = false
                clock.advance(by: .seconds(2))
                await clock.sleepers()
                #expect(await status(keyCache, issued.key) == 401)
            }
        }
    }

    @Test func `Keys from the configuration file work without the database until they expire`() async throws {
        try await GatewayFixture.run(on: .sqlite) { fixture in
            let database = InterruptedDatabase(fixture.database)
            database.isUnavailable = true
            let current = ConfiguredKey(name: "f", hash: APIKeyHash.of("a fixed key of the file"), team: "t")
            let old = ConfiguredKey(name: "g", hash: APIKeyHash.of("an old key of the file"), expires: Date(timeIntervalSince1970: 0))
            let keyCache = APIKeyCache(store: APIKeyStore(database: database), time: .system, logger: GatewayFixture.logger)
            #expect(await status(keyCache, "a fixed key of the file", configuredKeys: [current, old]) == 200)
            #expect(await status(keyCache, "an old key of the file", configuredKeys: [current, old]) == 401)
        }
    }
}
