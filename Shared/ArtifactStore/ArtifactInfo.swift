/// An entry of a directory listing.
package struct ArtifactInfo: Sendable, Hashable {
    /// The last segment of the entry's path.
    package let name: String
    package let kind: Kind

    /// The type of an entry.
    package enum Kind: Sendable, Hashable {
        case directory
        /// A file of `size` bytes.
        case file(size: Int64)
    }

    package var isDirectory: Bool { kind == .directory }

    /// The size of a file in bytes; `nil` for a directory.
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
    /// The entries sorted by the UTF-8 bytes of their names, like Python strings and S3 keys.
    func sortedByName() -> [ArtifactInfo] {
        sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
