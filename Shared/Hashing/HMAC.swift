/// HMAC (RFC 2104) with SHA-256.
package enum HMAC {
    /// The authentication code of some bytes.
    package static func authenticationCode(of bytes: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
        var key = key.count > SHA256.blockByteCount ? SHA256.hash(key) : key
        key.append(contentsOf: repeatElement(0, count: SHA256.blockByteCount - key.count))
        var inner = SHA256()
        inner.update(key.map { $0 ^ 0x36 })
        inner.update(bytes)
        var outer = SHA256()
        outer.update(key.map { $0 ^ 0x5C })
        outer.update(inner.finalized())
        return outer.finalized()
    }
}
