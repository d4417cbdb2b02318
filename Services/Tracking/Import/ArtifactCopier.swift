package import ArtifactStore
internal import MLflowImport
internal import ServiceKit

/// Copies MLflow's artifacts into our store. Skips files that exist with the same size, so that an interrupted copy can resume.
package struct ArtifactCopier: Sendable {
    /// Files to copy concurrently, since copying from S3 mostly waits for the network.
    private static let concurrency = 8

    private let source: any ArtifactStore
    private let target: any ArtifactStore
    let relocation: ArtifactRelocation

    /// Creates a copier.
    ///
    /// - Parameters:
    ///   - root: the URI of `source`.
    package init(from source: any ArtifactStore, root: String, to target: any ArtifactStore) {
        self.source = source
        self.target = target
        relocation = ArtifactRelocation(from: root)
    }

    /// Copies all files.
    ///
    /// - Returns: the number of files in the source and the number that exist in the target with the same size.
    func run(events: TaskEventWriter) async throws -> ImportCounts.Table {
        var counts = ImportCounts.Table(name: "artifacts", source: 0, imported: 0)
        try await forEachDirectory { _, files in counts.source += files.count }
        events.progress(table: counts.name, done: 0, total: counts.source)
        try await forEachDirectory { directory, files in
            guard !files.isEmpty else { return }
            let known = try await sizes(in: directory)
            try await copy(files.filter { known[$0.name] != $0.size }, in: directory)
            let arrived = try await sizes(in: directory)
            counts.imported += files.count { arrived[$0.name] == $0.size }
            events.progress(table: counts.name, done: counts.imported, total: counts.source)
        }
        return counts
    }

    /// Walks the source and calls `body` for each directory with the files directly in it.
    private func forEachDirectory(_ body: (_ directory: ArtifactPath, _ files: [ArtifactInfo]) async throws -> Void) async throws {
        var pending = [ArtifactPath.root]
        while let directory = pending.popLast() {
            let entries = try await source.list(directory)
            try await body(directory, entries.filter { !$0.isDirectory })
            for entry in entries.reversed() where entry.isDirectory { pending.append(try directory.appending(name: entry.name)) }
        }
    }

    private func copy(_ files: [ArtifactInfo], in directory: ArtifactPath) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, file) in files.enumerated() {
                if index >= Self.concurrency { try await group.next() }
                let path = try directory.appending(name: file.name)
                group.addTask {
                    let content = try await source.read(path)
                    try await target.write(path, size: content.size, body: content.body)
                }
            }
            try await group.waitForAll()
        }
    }

    private func sizes(in directory: ArtifactPath) async throws -> [String: Int64] {
        try await target.list(directory).reduce(into: [:]) { sizes, entry in sizes[entry.name] = entry.size }
    }
}
