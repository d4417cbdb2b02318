import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite struct RateLimiterTests {
    @Test(arguments: TestEngine.available)
    func `Exactly as many requests as the cap allows are admitted`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let usageRecorder = try await fixture.usageRecorder()
            let rule = LimitRule.tokens("ten", cap: 10)
            for _ in 0..<10 { try await usageRecorder.request(rule, most: 1, used: 1) }
            await #expect(throws: LimitExceededError.self) { try await usageRecorder.request(rule, most: 1, used: 1) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `What a request doesn't use is released`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let usageRecorder = try await fixture.usageRecorder()
            let rule = LimitRule.tokens("tokens", cap: 1000)
            // Each reserves 900, so the second would be rejected if the unused part of the first weren't released.
            for _ in 0..<10 { try await usageRecorder.request(rule, most: 900, used: 10) }
            await #expect(throws: LimitExceededError.self) { try await usageRecorder.request(rule, most: 901, used: 1) }
            try await usageRecorder.request(rule, most: 900, used: 900)
            await #expect(throws: LimitExceededError.self) { try await usageRecorder.request(rule, most: 1, used: 1) }
        }
    }

    @Test(arguments: TestEngine.available)
    func `A request that exceeds one limit takes nothing from the others`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let usageRecorder = try await fixture.usageRecorder()
            let (wide, narrow) = (LimitRule.tokens("wide", cap: 10), LimitRule.tokens("narrow", cap: 0))
            await #expect(throws: LimitExceededError.self) {
                try await usageRecorder.rateLimiter.admit([wide.demand(5), narrow.demand(1)], now: now)
            }
            try await usageRecorder.rateLimiter.admit([wide.demand(10)], now: now)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A limit on concurrent requests is released when a request ends`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let usageRecorder = try await fixture.usageRecorder()
            let rule = LimitRule.tokens("parallel", cap: 2, nil)
            for _ in 0..<5 { try await usageRecorder.request(rule, most: 1, used: 0) }
            try await usageRecorder.rateLimiter.admit([rule.demand(2)], now: now)
            await #expect(throws: LimitExceededError.self) { try await usageRecorder.rateLimiter.admit([rule.demand(1)], now: now) }
        }
    }

    /// Several gateways, each with many concurrent requests under one limit.
    @Test(arguments: TestEngine.available)
    func `Gateways that share a limit never exceed it, and reject nothing while a twentieth is left`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let rule = LimitRule.tokens("shared", cap: 20_000)
            let tally = Tally()
            var gateways: [UsageRecorder] = []
            for _ in 0..<4 { gateways.append(try await fixture.usageRecorder()) }
            // The gateways count each other.
            for gateway in gateways { try await gateway.sendHeartbeat() }
            try await withServices(gateways) {
                await withTaskGroup { group in
                    for gateway in gateways {
                        for client in 0..<25 {
                            group.addTask { @Sendable in
                                // The sequence is the same in each run; the interleaving isn't.
                                var random = SplitMix64(seed: UInt64(client))
                                for _ in 0..<60 {
                                    let used = Int64.random(in: 1...8, using: &random)
                                    do {
                                        try await gateway.request(rule, most: 10, used: used, pause: .milliseconds(1))
                                        tally.spend(used)
                                    } catch {
                                        tally.refuse()
                                    }
                                }
                            }
                        }
                    }
                }
            }
            for gateway in gateways { await gateway.close() }
            let total = tally.spent
            #expect(total <= rule.cap)
            // Up to 100 requests are in flight, each with 10 reserved, which isn't left either.
            #expect((tally.firstRefusal ?? total) >= rule.cap * 95 / 100 - 1000)
            #expect(try await fixture.taken("shared").spent == total)
            #expect(try await fixture.rows().map(\.tokens).reduce(0, +) == total)
        }
    }

    @Test(arguments: TestEngine.available)
    func `A gateway that stops releases the rest of its share`(engine: TestEngine) async throws {
        try await GatewayFixture.run(on: engine) { fixture in
            let rule = LimitRule.tokens("left", cap: 1000)
            let first = try await fixture.usageRecorder()
            try await first.request(rule, most: 100, used: 40)
            #expect(try await fixture.taken("left").granted > 100)
            await first.close()
            #expect(try await fixture.taken("left") == (40, 40))
            let second = try await fixture.usageRecorder()
            try await second.request(rule, most: 960, used: 960)
            await #expect(throws: LimitExceededError.self) { try await second.request(rule, most: 1, used: 1) }
        }
    }
}

/// What clients have spent in total, and at the first rejection.
private final class Tally: Sendable {
    private let state = Mutex<(spent: Int64, firstRefusal: Int64?)>((0, nil))

    func spend(_ amount: Int64) { state.withLock { $0.spent += amount } }

    func refuse() { state.withLock { $0.firstRefusal = $0.firstRefusal ?? $0.spent } }

    var spent: Int64 { state.withLock { $0.spent } }
    var firstRefusal: Int64? { state.withLock { $0.firstRefusal } }
}
