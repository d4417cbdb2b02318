package import NIOCore

/// An open file: its size and the requested bytes.
package struct ArtifactContent: Sendable {
    /// The size of the whole file in bytes.
    package let size: Int64
    /// The range of ``body``; `0..<size` when no range was requested.
    package let range: Range<Int64>
    /// The bytes of ``range``. Discarding it closes the file.
    package let body: ArtifactBody
}

/// The bytes of a file in chunks of up to a few hundred kilobytes, which are read on demand.
///
/// Ends after exactly the expected number of bytes or throws. Iterate it only once.
package struct ArtifactBody: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer
    package typealias Failure = any Error

    private let makeBase: @Sendable () -> any AsyncIteratorProtocol<ByteBuffer, any Error>

    init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == ByteBuffer, Base.Failure == any Error {
        makeBase = { base.makeAsyncIterator() }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(base: makeBase())
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        var base: any AsyncIteratorProtocol<ByteBuffer, any Error>

        package mutating func next() async throws -> ByteBuffer? {
            try await base.next()
        }
    }
}
