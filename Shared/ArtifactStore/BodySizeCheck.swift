/// Checks a body's length against its announced size.
struct BodySizeCheck: Sendable {
    private let announced: Int64?
    private var counted: Int64 = 0

    init(announced: Int64?) throws(ArtifactError) {
        if let announced, announced < 0 {
            throw ArtifactError(.invalidArgument, "The size of an artifact must not be negative.")
        }
        self.announced = announced
    }

    /// Counts bytes. Throws as soon as the body exceeds the announced size.
    mutating func add(_ bytes: Int) throws(ArtifactError) {
        counted += Int64(bytes)
        if let announced, counted > announced { throw mismatch(announced, "more than") }
    }

    /// Call this at the end of the body. Throws when the body is shorter than announced.
    func finish() throws(ArtifactError) {
        if let announced, counted < announced { throw mismatch(announced, "only \(counted) of") }
    }

    private func mismatch(_ announced: Int64, _ amount: String) -> ArtifactError {
        ArtifactError(.invalidArgument, "The body has \(amount) the announced \(announced) bytes.")
    }
}
