internal import ArtifactStore
package import Database
internal import Primitives
internal import SafeText
package import ServiceKit
internal import WireProtocol

/// Permanently removes experiments, runs and logged models that were deleted long enough ago, with their traces and artifacts.
/// Safe to run while services are running.
///
/// Each transaction that removes rows also queues the locations of their artifacts, and a location leaves the queue once its
/// artifacts are removed. So nothing can be restored without its artifacts, and the next run completes interrupted work.
package struct GarbageCollector: Sendable {
    /// Runs, models or traces per transaction. Concurrent writes of services wait for the transaction, which should take well
    /// below a second.
    private static let batchSize = 64
    /// Metric points per transaction.
    private static let pointBatchSize = 20_000

    private let store: GarbageCollectionStore
    private let artifacts: ArtifactStoreResolver
    private let time: TimeSource

    /// Creates a garbage collector for `database`, whose schema must be up to date.
    package init(database: any Database, artifacts: ArtifactStoreResolver, time: TimeSource = .system) {
        store = GarbageCollectionStore(database: database)
        self.artifacts = artifacts
        self.time = time
    }

    /// Removes everything that was deleted at least `age` ago.
    ///
    /// - Parameter warn: receives warnings for the operator.
    /// - Returns: the numbers of removed entities.
    /// - Throws: `DatabaseError`.
    package func run(olderThan age: Age, events: TaskEventWriter, warn: (String) -> Void) async throws -> GarbageCollectionSummary {
        var freed = GarbageCollectionSummary()
        let deletedBefore = time.now().rawValue.subtractingReportingOverflow(age.duration.rawValue)
        guard !deletedBefore.overflow else { return freed }
        let cutoff = UnixMilliseconds(deletedBefore.partialValue)
        freed.experiments = try await store.removeExperiments(deletedBefore: cutoff)
        try await forEachBatch(of: try await store.runs(deletedBefore: cutoff), named: "runs", events) { ids in
            freed.runs += try await store.removeRuns(ids, deletedBefore: cutoff)
        }
        try await removePoints(&freed, events)
        try await forEachBatch(of: try await store.models(deletedBefore: cutoff), named: "logged_models", events) { ids in
            freed.loggedModels += try await store.removeModels(ids, deletedBefore: cutoff)
        }
        try await removeTraces(&freed, events)
        try await store.removeExperimentRemnants()
        try await removeArtifacts(&freed, events, warn)
        return freed
    }

    private func forEachBatch(
        of ids: [Int64], named name: String, _ events: TaskEventWriter, _ body: ([Int64]) async throws -> Void
    ) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
            let end = min(start + Self.batchSize, ids.count)
            try await body(Array(ids[start..<end]))
            events.progress(table: name, done: end, total: ids.count)
        }
    }

    private func removePoints(_ freed: inout GarbageCollectionSummary, _ events: TaskEventWriter) async throws {
        let runs = try await store.runsWithPoints()
        for (index, run) in runs.enumerated() {
            while true {
                let removed = try await store.removePoints(of: run, atMost: Self.pointBatchSize)
                guard removed > 0 else { break }
                freed.metricPoints += removed
            }
            if index % Self.batchSize == 0 || index + 1 == runs.count {
                events.progress(table: "metrics", done: index + 1, total: runs.count)
            }
        }
    }

    private func removeTraces(_ freed: inout GarbageCollectionSummary, _ events: TaskEventWriter) async throws {
        while true {
            let removed = try await store.removeTraces(atMost: Self.batchSize)
            guard removed > 0 else { return }
            freed.traces += removed
            events.progress(table: "traces", done: freed.traces, total: freed.traces)
        }
    }

    private func removeArtifacts(
        _ freed: inout GarbageCollectionSummary, _ events: TaskEventWriter, _ warn: (String) -> Void
    ) async throws {
        let uris = try await store.artifactLocations()
        for (index, uri) in uris.enumerated() {
            do {
                if try await !store.isInUse(uri), let location = try artifactLocation(of: uri, warn) {
                    try await remove(location, &freed)
                }
                try await store.finishArtifactRemoval(at: uri)
            } catch let error as ArtifactError {
                warn("failed to remove the artifacts at \(Redaction.standard.redacted(uri)): \(error)")
                freed.failures += 1
            } catch let error as ServiceError where error.code == .permissionDenied {
                // The location stays in the queue, so that a later run removes the artifacts once their root is allowed.
                warn("\(error.message) The artifacts were kept. Allow their root, or remove them yourself.")
            }
            if index % Self.batchSize == 0 || index + 1 == uris.count {
                events.progress(table: "artifacts", done: index + 1, total: uris.count)
            }
        }
    }

    /// Returns the location of artifacts; `nil` if this service doesn't store them.
    private func artifactLocation(of uri: String, _ warn: (String) -> Void) throws -> ArtifactStoreResolver.Location? {
        do {
            let location = try artifacts.resolve(uri)
            // The root of a store never belongs to a single run.
            return location.path.segments.isEmpty ? nil : location
        } catch let error as ServiceError where error.code == .notImplemented {
            warn("kept the artifacts at \(Redaction.standard.redacted(uri)), because this service doesn't store them")
            return nil
        }
    }

    private func remove(_ location: ArtifactStoreResolver.Location, _ freed: inout GarbageCollectionSummary) async throws {
        var pending = [location.path]
        while let directory = pending.popLast() {
            for entry in try await location.store.list(directory) {
                if let size = entry.size {
                    freed.artifactFiles += 1
                    freed.artifactBytes += size
                } else {
                    pending.append(try directory.appending(name: entry.name))
                }
            }
        }
        try await location.store.delete(location.path)
    }
}

/// Numbers of permanently removed entities.
package struct GarbageCollectionSummary: Sendable, Equatable {
    /// The number of experiments removed.
    package var experiments = 0
    /// The number of runs removed.
    package var runs = 0
    /// The number of metric points removed.
    package var metricPoints = 0
    /// The number of logged models removed.
    package var loggedModels = 0
    /// The number of traces removed.
    package var traces = 0
    /// The number of artifact files removed.
    package var artifactFiles = 0
    /// The total size of the artifact files removed.
    package var artifactBytes: Int64 = 0
    /// The number of runs, models and traces whose artifacts couldn't be removed. The next run tries again.
    package var failures = 0

    /// Writes the summary as the result event of the task.
    package func report(to events: TaskEventWriter) {
        let amounts = [
            ("experiments", Int64(experiments)), ("runs", Int64(runs)), ("metric_points", Int64(metricPoints)),
            ("logged_models", Int64(loggedModels)), ("traces", Int64(traces)), ("artifact_files", Int64(artifactFiles)),
            ("artifact_bytes", artifactBytes),
        ]
        events.done("freed", amounts.map { ($0, .integer($1)) })
    }
}

/// The error for artifacts that remain although their owners have been removed.
package struct IncompleteRemoval: Error, CustomStringConvertible {
    private let locations: Int

    /// `nil` if no artifacts remain.
    package init?(_ freed: GarbageCollectionSummary) {
        guard freed.failures > 0 else { return nil }
        locations = freed.failures
    }

    package var description: String {
        "failed to remove the artifacts of \(locations) runs, models or traces. Run this command again when their storage is reachable."
    }
}
