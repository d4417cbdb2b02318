package import NIOCore

/// An open file: how large it is, and the bytes that were asked for.
package struct ArtifactContent: Sendable {
    /// Bytes of the whole file.
    package let size: Int64
    /// Which of them ``body`` gives; `0..<size` when no range was asked for.
    package let range: Range<Int64>
    /// The bytes of ``range``. Dropping it releases the file.
    package let body: ArtifactBody
}

/// The bytes of a file in chunks of at most a few hundred kilobytes, each read when it is asked for.
///
/// Ends after exactly the promised number of bytes or throws. Meant to be iterated once.
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
