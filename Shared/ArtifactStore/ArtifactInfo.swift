/// One entry of a listing.
package struct ArtifactInfo: Sendable, Hashable {
    /// The last segment of the entry's path.
    package let name: String
    package let kind: Kind

    package enum Kind: Sendable, Hashable {
        case directory
        /// A file of `size` bytes.
        case file(size: Int64)
    }

    package var isDirectory: Bool { kind == .directory }

    /// Bytes of a file; nil for a directory.
    package var size: Int64? {
        guard case .file(let size) = kind else { return nil }
        return size
    }

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

extension [ArtifactInfo] {
    /// In the order of the names' bytes, which is the order of Python's strings and of S3's keys.
    func sortedByName() -> [ArtifactInfo] {
        sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
