internal import ArtifactStore
package import Database
internal import SafeText
package import ServiceKit
internal import WireProtocol

/// Removes for good what was deleted long enough ago: experiments with all that is in them, traces too, runs and logged models, with
/// their artifacts. Services may run meanwhile.
///
/// The rows go first, and in the same transaction the artifacts' locations go on a list, from which each is taken when it is
/// gone: nothing can be restored without its artifacts, and what was interrupted is finished by the next time.
package struct GarbageCollector: Sendable {
    /// Runs or models in one transaction, and points of metrics: a service that writes meanwhile waits for as long as it takes,
    /// which should be well below a second.
    private static let batchSize = 64
    private static let pointBatchSize = 20_000

    private let store: GarbageCollectionStore
    private let artifacts: ArtifactStoreResolver
    private let time: TimeSource

    package init(database: any Database, artifacts: ArtifactStoreResolver, time: TimeSource = .system) {
        store = GarbageCollectionStore(database: database)
        self.artifacts = artifacts
        self.time = time
    }

    /// - Parameter warn: gets what people should know.
    /// - Throws: `DatabaseError`.
    package func run(olderThan age: Age, events: TaskEventWriter, warn: (String) -> Void) async throws -> GarbageCollectionSummary {
        var freed = GarbageCollectionSummary()
        let now = time.now()
        let deletedBefore = now.subtractingReportingOverflow(age.milliseconds)
        guard !deletedBefore.overflow else { return freed }
        let cutoff = deletedBefore.partialValue
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
                warn("the artifacts at \(Redaction.standard.redacted(uri)) couldn't be removed: \(error)")
                freed.failures += 1
            } catch let error as ServiceError where error.code == .permissionDenied {
                // The location stays on the list, so that a later run removes the artifacts once their root is allowed.
                warn("\(error.message) They stay; allow their root, or remove them yourself.")
            }
            if index % Self.batchSize == 0 || index + 1 == uris.count {
                events.progress(table: "artifacts", done: index + 1, total: uris.count)
            }
        }
    }

    /// - Returns: `nil` for artifacts that this service doesn't keep.
    private func artifactLocation(of uri: String, _ warn: (String) -> Void) throws -> ArtifactStoreResolver.Location? {
        do {
            let location = try artifacts.resolve(uri)
            // A whole store is never what a run had.
            return location.path.segments.isEmpty ? nil : location
        } catch let error as ServiceError where error.code == .notImplemented {
            warn("the artifacts at \(Redaction.standard.redacted(uri)) stay: this service doesn't keep them")
            return nil
        }
    }

    private func remove(_ location: ArtifactStoreResolver.Location, _ freed: inout GarbageCollectionSummary) async throws {
        var pending = [location.path]
        while let folder = pending.popLast() {
            for entry in try await location.store.list(folder) {
                if let size = entry.size {
                    freed.artifactFiles += 1
                    freed.artifactBytes += size
                } else {
                    pending.append(try folder.appending(name: entry.name))
                }
            }
        }
        try await location.store.delete(location.path)
    }
}

/// What is gone for good.
package struct GarbageCollectionSummary: Sendable, Equatable {
    package var experiments = 0
    package var runs = 0
    package var metricPoints = 0
    package var loggedModels = 0
    package var traces = 0
    package var artifactFiles = 0
    package var artifactBytes: Int64 = 0
    /// The runs, models and traces whose artifacts couldn't be removed now; the next time removes them.
    package var failures = 0

    /// Tells it as the result of a task.
    package func report(to events: TaskEventWriter) {
        let amounts = [
            ("experiments", Int64(experiments)), ("runs", Int64(runs)), ("metric_points", Int64(metricPoints)),
            ("logged_models", Int64(loggedModels)), ("traces", Int64(traces)), ("artifact_files", Int64(artifactFiles)),
            ("artifact_bytes", artifactBytes),
        ]
        events.done("freed", amounts.map { ($0, .integer($1)) })
    }
}

/// Some artifacts are still there, although what they belonged to is gone.
package struct IncompleteRemoval: Error, CustomStringConvertible {
    private let locations: Int

    /// `nil` when nothing is left.
    package init?(_ freed: GarbageCollectionSummary) {
        guard freed.failures > 0 else { return nil }
        locations = freed.failures
    }

    package var description: String {
        "the artifacts of \(locations) runs, models or traces couldn't be removed; run this again when their storage can be reached"
    }
}
