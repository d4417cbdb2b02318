internal import Database
internal import Foundation
internal import Logging
internal import ServiceKit
internal import Synchronization
internal import WireProtocol

/// Authenticates callers by their API keys.
///
/// Keys from the database are cached. An unknown key is looked up once, and changes made by other gateways arrive within seconds.
/// While the database is unavailable, cached keys keep working, and an unknown key gets 503 instead of 401.
final class APIKeyCache: Sendable {
    private static let negativeCacheLimit = 10_000

    private struct State {
        var keys: [String: VirtualKey] = [:]
        /// Hashes that the database doesn't have, and the time until which they aren't looked up again.
        var negativeCache: [String: ContinuousClock.Instant] = [:]
        /// Timestamp of the latest change that has been loaded, in milliseconds since 1970.
        var lastChange: Int64 = 0
    }

    let store: APIKeyStore
    private let time: TimeSource
    private let logger: Logger
    private let state = Mutex(State())

    init(store: APIKeyStore, time: TimeSource, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Whether the cache has no keys.
    var isEmpty: Bool { state.withLock { $0.keys.isEmpty } }

    /// Returns the caller that a key belongs to.
    ///
    /// - Parameter address: the client's network address.
    /// - Throws: `ServiceError` with 401 for a wrong, expired or revoked key, 503 if the database can't be reached.
    func caller(key: String, address: String, configuredKeys: [ConfiguredKey]) async throws -> Caller {
        let hash = APIKeyHash.of(key)
        if let own = configuredKeys.first(where: { $0.hash == hash }) {
            if let expires = own.expires, Int64(expires.timeIntervalSince1970 * 1000) <= time.now() {
                throw ServiceError.invalidAPIKey
            }
            return Caller(address: address, keyID: "file " + own.name, keyName: own.name, team: own.team, routes: own.routes)
        }
        guard let found = try await find(hash), found.isValid(at: time.now()) else { throw ServiceError.invalidAPIKey }
        return Caller(address: address, keyID: found.id, keyName: found.name, team: found.team, routes: found.routes)
    }

    private func find(_ hash: [UInt8]) async throws -> VirtualKey? {
        let text = hash.hex
        let (known, isUnknown) = state.withLock { state in
            (state.keys[text], state.negativeCache[text].map { $0 > .now } ?? false)
        }
        if let known { return known }
        if isUnknown { return nil }
        do {
            let found = try await store.find(hash: hash)
            state.withLock { state in
                if let found {
                    state.keys[text] = found
                } else {
                    if state.negativeCache.count >= Self.negativeCacheLimit { state.negativeCache.removeAll() }
                    state.negativeCache[text] = .now + .seconds(2)
                }
            }
            return found
        } catch {
            throw ServiceError.unavailable("The gateway can't verify API keys at the moment. Try again later.", cause: error)
        }
    }

    /// Loads changes from the database.
    func refresh() async throws {
        // A slow process may commit a change late, with an earlier timestamp.
        let since = state.withLock { max(0, $0.lastChange - 30_000) }
        let changed = try await store.changed(since: since)
        state.withLock { state in
            for (hash, key, changedAt) in changed {
                state.keys[hash] = key
                state.negativeCache[hash] = nil
                state.lastChange = max(state.lastChange, changedAt)
            }
        }
    }

    /// Loads the changes that other gateways make.
    func periodicRefresh(clock: any Clock<Duration>) -> PeriodicTask {
        let failureLog = FailureLog(logger, .warning, "can't load changes to API keys")
        return PeriodicTask(every: .seconds(2), failureLog: failureLog, clock: clock) { try await self.refresh() }
    }
}
