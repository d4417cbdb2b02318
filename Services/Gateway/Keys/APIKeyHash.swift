internal import Hashing

/// The hash under which a key is stored. Keys have 256 random bits, so SHA-256 suffices and no slow password hash is needed.
enum APIKeyHash {
    /// Returns the SHA-256 of a key's UTF-8 bytes.
    static func of(_ key: String) -> [UInt8] {
        var key = key
        return key.withUTF8 { bytes in
            var hasher = SHA256()
            hasher.update(UnsafeRawBufferPointer(bytes))
            return hasher.finalized()
        }
    }
}
