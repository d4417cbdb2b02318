/// Counts a body's bytes against the size that was announced.
struct BodySizeCheck: Sendable {
    private let announced: Int64?
    private var counted: Int64 = 0

    init(announced: Int64?) throws(ArtifactError) {
        if let announced, announced < 0 {
            throw ArtifactError(.invalidArgument, "The size of an artifact can't be negative")
        }
        self.announced = announced
    }

    /// Throws as soon as there are more bytes than announced.
    mutating func add(_ bytes: Int) throws(ArtifactError) {
        counted += Int64(bytes)
        if let announced, counted > announced { throw mismatch(announced, "more than") }
    }

    /// To be called at the body's end. Throws when there were fewer bytes than announced.
    func finish() throws(ArtifactError) {
        if let announced, counted < announced { throw mismatch(announced, "only \(counted) of") }
    }

    private func mismatch(_ announced: Int64, _ amount: String) -> ArtifactError {
        ArtifactError(.invalidArgument, "The body has \(amount) the \(announced) bytes announced")
    }
}
