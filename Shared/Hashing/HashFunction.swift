internal import CLibCrypto

/// A hash function of the system's OpenSSL.
package struct HashFunction: Sendable {
    package static let sha256 = HashFunction("SHA256")
    /// Broken: only for protocols that ask for it, such as S3's `Content-MD5`.
    package static let md5 = HashFunction("MD5")

    /// The algorithm; OpenSSL reads it from any thread and never changes it.
    nonisolated(unsafe) fileprivate let algorithm: OpaquePointer
    /// The length of a hash in bytes.
    package let byteCount: Int

    /// Algorithms of OpenSSL's default provider, whatever the system's configuration of OpenSSL: in FIPS mode, it would lack MD5.
    nonisolated(unsafe) private static let library = OSSL_LIB_CTX_new()

    private init(_ name: StaticString) {
        // Like the calls below, fails only without memory.
        guard let algorithm = EVP_MD_fetch(Self.library, name.description, nil) else { fatalError("out of memory") }
        self.algorithm = algorithm
        byteCount = Int(EVP_MD_get_size(algorithm))
    }

    /// The hash of some bytes.
    package func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hasher = Hasher(self)
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// The HMAC (RFC 2104) of some bytes.
    package func authenticationCode(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { code, count in
            let result = EVP_Q_mac(
                Self.library, "HMAC", nil, EVP_MD_get0_name(algorithm), nil, key, key.count, bytes, bytes.count, code.baseAddress,
                byteCount, &count)
            guard result != nil else { fatalError("out of memory") }
        }
    }

    /// Computes a hash of bytes that arrive one after the other.
    package struct Hasher: ~Copyable {
        private let context: OpaquePointer
        private let byteCount: Int

        package init(_ function: HashFunction) {
            guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, function.algorithm, nil) == 1 else {
                fatalError("out of memory")
            }
            self.context = context
            byteCount = function.byteCount
        }

        deinit { EVP_MD_CTX_free(context) }

        package mutating func update(_ bytes: some Sequence<UInt8>) {
            if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
                Array(bytes).withUnsafeBytes { update($0) }
            }
        }

        package mutating func update(_ bytes: UnsafeRawBufferPointer) {
            EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }

        package consuming func finalize() -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: byteCount) { hash, count in
                EVP_DigestFinal_ex(context, hash.baseAddress, nil)
                count = byteCount
            }
        }
    }
}
