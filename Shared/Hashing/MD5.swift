internal import CLibCrypto

/// MD5 (RFC 1321). Broken: only for protocols that demand it, such as S3's `Content-MD5`.
package enum MD5 {
    private static let byteCount = Int(MD5_DIGEST_LENGTH)

    /// The hash of some bytes.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return [UInt8](unsafeUninitializedCapacity: byteCount) { hash, count in
            CLibCrypto.MD5(bytes, bytes.count, hash.baseAddress)
            count = byteCount
        }
    }
}
