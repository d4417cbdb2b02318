@testable import ArtifactStore

extension FuzzTarget {
    static let storage = [
        FuzzTarget(name: "artifact-path") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = try? ArtifactPath(file: text)
            guard let path = try? ArtifactPath(text) else { return }
            require(
                path.segments.allSatisfy { !["", ".", ".."].contains($0) && !$0.utf8.contains(0x2F) }, "a path can't leave its directory")
            require((try? ArtifactPath(path.description)) == path, "a path round-trips")
        },
        FuzzTarget(name: "s3-xml") { bytes in
            guard let root = try? XMLNode(parsing: bytes) else { return }
            _ = root.all("Contents")
        },
        FuzzTarget(name: "aws-config") { bytes in _ = INIFile(String(decoding: bytes, as: UTF8.self)) },
    ]
}
