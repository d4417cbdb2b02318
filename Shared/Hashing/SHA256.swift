internal import CLibCrypto

/// SHA-256 (FIPS 180-4) of bytes that arrive one after the other.
package struct SHA256 {
    /// The length of a hash.
    package static let byteCount = Int(SHA256_DIGEST_LENGTH)
    /// The length of the blocks that are hashed.
    static let blockByteCount = Int(SHA256_CBLOCK)

    private var context = SHA256_CTX()

    package init() { SHA256_Init(&context) }

    /// The hash of some bytes.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalized()
    }

    package mutating func update(_ bytes: some Sequence<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isContiguous == nil { Array(bytes).withUnsafeBytes { update($0) } }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// The hash of the bytes so far.
    package func finalized() -> [UInt8] {
        var context = context
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { hash, count in
            SHA256_Final(hash.baseAddress, &context)
            count = Self.byteCount
        }
    }
}
