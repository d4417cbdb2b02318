internal import Crypto
internal import Synchronization

/// Answers to requests that were the same, byte by byte, kept in memory for as long as a route says.
final class ResponseCache: Sendable {
    /// A request of a team to a route. What one team has asked is no answer for another.
    struct Key: Hashable, Sendable {
        private let digest: SHA256Digest

        init(_ call: GatewayCall) {
            var hash = SHA256()
            let headers = call.headers.flatMap { [$0.name, $0.value] }
            for part in [call.route.name, call.caller.team ?? "", call.caller.keyID ?? "", call.shape.kind] + headers {
                hash.update(data: Array(part.utf8))
                hash.update(data: [0])
            }
            hash.update(data: call.body)
            digest = hash.finalize()
        }
    }

    fileprivate struct Entry {
        var answer: [UInt8]
        var until: ContinuousClock.Instant
        /// Counts the uses of the cache, so that the least of all is the oldest.
        var use: UInt64
    }

    fileprivate struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    /// Of all answers together.
    private static let sizeLimit = 16 << 20

    private let state = Mutex(State())

    subscript(key: Key) -> [UInt8]? {
        state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard entry.until > .now else {
                state.remove(key)
                return nil
            }
            state.uses += 1
            state.entries[key]?.use = state.uses
            return entry.answer
        }
    }

    func put(_ answer: [UInt8], _ key: Key, lifetime: Duration) {
        guard answer.count <= Self.sizeLimit / 8 else { return }
        state.withLock { state in
            state.remove(key)
            if state.bytes + answer.count > Self.sizeLimit { state.shrink(to: Self.sizeLimit * 3 / 4) }
            state.uses += 1
            state.entries[key] = Entry(answer: answer, until: .now + lifetime, use: state.uses)
            state.bytes += answer.count
        }
    }
}

extension ResponseCache.State {
    fileprivate mutating func remove(_ key: ResponseCache.Key) {
        if let entry = entries.removeValue(forKey: key) { bytes -= entry.answer.count }
    }

    /// Removes what was used least lately.
    fileprivate mutating func shrink(to size: Int) {
        for (key, _) in entries.sorted(by: { $0.value.use < $1.value.use }) {
            guard bytes > size else { return }
            remove(key)
        }
    }
}
