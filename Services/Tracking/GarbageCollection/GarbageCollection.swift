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
package struct GarbageCollection: Sendable {
    /// Runs or models in one transaction, and points of metrics: a service that writes meanwhile waits for as long as it takes,
    /// which should be well below a second.
    private static let batchSize = 64
    private static let pointBatchSize = 20_000

    private let store: GarbageStore
    private let artifacts: ArtifactStores
    private let time: TimeSource

    package init(database: any Database, artifacts: ArtifactStores, time: TimeSource = .system) {
        store = GarbageStore(database: database)
        self.artifacts = artifacts
        self.time = time
    }

    /// - Parameter remark: gets what people should know.
    /// - Throws: `DatabaseError`.
    package func run(olderThan age: Age, events: TaskEvents, remark: (String) -> Void) async throws -> FreedThings {
        var freed = FreedThings()
        let now = time.now()
        let deletedBefore = now.subtractingReportingOverflow(age.milliseconds)
        guard !deletedBefore.overflow else { return freed }
        let cutoff = deletedBefore.partialValue
        freed.experiments = try await store.closeExperiments(deletedBefore: cutoff)
        try await forEachBatch(of: try await store.runs(deletedBefore: cutoff), named: "runs", events) { ids in
            freed.runs += try await store.removeRuns(ids, deletedBefore: cutoff)
        }
        try await removePoints(&freed, events)
        try await forEachBatch(of: try await store.models(deletedBefore: cutoff), named: "logged_models", events) { ids in
            freed.loggedModels += try await store.removeModels(ids, deletedBefore: cutoff)
        }
        try await removeTraces(&freed, events)
        try await store.removeClosedExperiments()
        try await removeArtifacts(&freed, events, remark)
        return freed
    }

    private func forEachBatch(
        of ids: [Int64], named name: String, _ events: TaskEvents, _ body: ([Int64]) async throws -> Void
    ) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.batchSize) {
            let end = min(start + Self.batchSize, ids.count)
            try await body(Array(ids[start..<end]))
            events.progress(table: name, done: end, total: ids.count)
        }
    }

    private func removePoints(_ freed: inout FreedThings, _ events: TaskEvents) async throws {
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

    private func removeTraces(_ freed: inout FreedThings, _ events: TaskEvents) async throws {
        while true {
            let removed = try await store.removeTraces(atMost: Self.batchSize)
            guard removed > 0 else { return }
            freed.traces += removed
            events.progress(table: "traces", done: freed.traces, total: freed.traces)
        }
    }

    private func removeArtifacts(_ freed: inout FreedThings, _ events: TaskEvents, _ remark: (String) -> Void) async throws {
        let uris = try await store.artifactLocations()
        for (index, uri) in uris.enumerated() {
            do {
                if try await !store.isInUse(uri), let place = try self.place(of: uri, remark) {
                    try await remove(place, &freed)
                }
                try await store.forgetArtifacts(at: uri)
            } catch let error as ArtifactError {
                remark("the artifacts at \(Redaction.standard.redacted(uri)) couldn't be removed: \(error)")
                freed.failures += 1
            } catch let error as ServiceError where error.code == .permissionDenied {
                // The location stays on the list, so that a later run removes the artifacts once their root is allowed.
                remark("\(error.message) They stay; allow their root, or remove them yourself.")
            }
            if index % Self.batchSize == 0 || index + 1 == uris.count {
                events.progress(table: "artifacts", done: index + 1, total: uris.count)
            }
        }
    }

    /// - Returns: `nil` for artifacts that this service doesn't keep.
    private func place(of uri: String, _ remark: (String) -> Void) throws -> ArtifactStores.Place? {
        do {
            let place = try artifacts.place(of: uri)
            // A whole store is never what a run had.
            return place.path.segments.isEmpty ? nil : place
        } catch let error as ServiceError where error.code == .notImplemented {
            remark("the artifacts at \(Redaction.standard.redacted(uri)) stay: this service doesn't keep them")
            return nil
        }
    }

    private func remove(_ place: ArtifactStores.Place, _ freed: inout FreedThings) async throws {
        var waiting = [place.path]
        while let folder = waiting.popLast() {
            for entry in try await place.store.list(folder) {
                if let size = entry.size {
                    freed.artifactFiles += 1
                    freed.artifactBytes += size
                } else {
                    waiting.append(try folder.appending(name: entry.name))
                }
            }
        }
        try await place.store.delete(place.path)
    }
}

/// What is gone for good.
package struct FreedThings: Sendable, Equatable {
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
    package func tell(_ events: TaskEvents) {
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
    package init?(_ freed: FreedThings) {
        guard freed.failures > 0 else { return nil }
        locations = freed.failures
    }

    package var description: String {
        "the artifacts of \(locations) runs, models or traces couldn't be removed; run this again when their storage can be reached"
    }
}
