internal import Crypto
internal import Synchronization

/// Responses to requests that were the same, byte by byte, kept in memory for as long as a route says.
final class ResponseCache: Sendable {
    /// A request of a team to a route. What one team has asked is no response for another.
    struct Key: Hashable, Sendable {
        private let digest: SHA256Digest

        init(_ request: InferenceRequest) {
            var hash = SHA256()
            let headers = request.headers.flatMap { [$0.name, $0.value] }
            let caller = request.caller
            for part in [request.route.name, caller.team ?? "", caller.keyID ?? "", request.dialect.kind] + headers {
                hash.update(data: Array(part.utf8))
                hash.update(data: [0])
            }
            hash.update(data: request.body)
            digest = hash.finalize()
        }
    }

    fileprivate struct Entry {
        var response: [UInt8]
        var expiresAt: ContinuousClock.Instant
        /// Counts the uses of the cache, so that the least of all is the oldest.
        var lastUse: UInt64
    }

    fileprivate struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    /// Of all responses together.
    private static let capacity = 16 << 20

    private let state = Mutex(State())

    subscript(key: Key) -> [UInt8]? {
        state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard entry.expiresAt > .now else {
                state.remove(key)
                return nil
            }
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return entry.response
        }
    }

    func put(_ response: [UInt8], _ key: Key, lifetime: Duration) {
        guard response.count <= Self.capacity / 8 else { return }
        state.withLock { state in
            state.remove(key)
            if state.bytes + response.count > Self.capacity { state.shrink(to: Self.capacity * 3 / 4) }
            state.uses += 1
            state.entries[key] = Entry(response: response, expiresAt: .now + lifetime, lastUse: state.uses)
            state.bytes += response.count
        }
    }
}

extension ResponseCache.State {
    fileprivate mutating func remove(_ key: ResponseCache.Key) {
        if let entry = entries.removeValue(forKey: key) { bytes -= entry.response.count }
    }

    /// Removes what was used least lately.
    fileprivate mutating func shrink(to size: Int) {
        for (key, _) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard bytes > size else { return }
            remove(key)
        }
    }
}
