internal import Hashing
internal import Synchronization

/// An in-memory cache of responses to byte-identical requests. Routes set the lifetime; the least recently used responses are evicted.
final class ResponseCache: Sendable {
    /// Identifies a request to a route. Teams and keys never share responses.
    struct Key: Hashable, Sendable {
        /// A SHA-256 hash.
        private let hash: [UInt8]

        init(_ request: InferenceRequest) {
            var hasher = SHA256()
            let headers = request.headers.flatMap { [$0.name, $0.value] }
            let caller = request.caller
            for part in [request.route.name, caller.team ?? "", caller.keyID ?? "", request.dialect.kind] + headers {
                hasher.update(part.utf8)
                hasher.update([0])
            }
            hasher.update(request.body)
            hash = hasher.finalized()
        }
    }

    fileprivate struct Entry {
        var response: [UInt8]
        var expiresAt: ContinuousClock.Instant
        /// The value of `State.uses` at the last access; the smallest value is the least recently used.
        var lastUse: UInt64
    }

    fileprivate struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    /// The maximum size of all responses together, in bytes.
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

    /// Stores a response, unless it is larger than an eighth of the capacity.
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

    /// Evicts the least recently used responses until at most `size` bytes are left.
    fileprivate mutating func shrink(to size: Int) {
        for (key, _) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard bytes > size else { return }
            remove(key)
        }
    }
}
