internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Creates, reads and changes runs, after validation.
struct RunService: Sendable {
    let store: RunStore
    let reader: RunReader
    let runIDCache: RunIDCache
    let keys: KeyInterner
    let time: TimeSource
    let random: RandomSource

    func create(
        experimentID: String, userID: String, startTime: UnixMilliseconds, tags: [KeyValue], name: String
    ) async throws -> Run {
        let experiment = try ExperimentID.parse(experimentID)
        let tagName = tags.first { $0.key == RunTag.name }?.value ?? ""
        guard name.isEmpty || tagName.isEmpty || name == tagName else {
            throw ServiceError.invalidParameter(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values"
                    + " (run_name='\(name)', mlflow.runName='\(tagName)').")
        }
        let name = !name.isEmpty ? name : !tagName.isEmpty ? tagName : RunNameGenerator(random: random).generate()
        var tags = tags
        if tagName.isEmpty {
            tags.removeAll { $0.key == RunTag.name }
            tags.append(KeyValue(key: RunTag.name, value: name))
        }
        guard Set(tags.map { KeyName($0.key) }).count == tags.count else {
            throw ServiceError(.badRequest, "'tags' contains a duplicate key.")
        }
        let keys = try await keys.ids(for: tags.map(\.key), in: experiment)
        let row = try await store.create(
            NewRun(
                runID: random.hexID(), experimentID: experiment, name: name, userID: userID, startTime: startTime,
                tags: tags.compactMap { tag in keys[tag.key].map { ($0, tag.value) } }))
        var run = Run(info: row.info)
        run.tags = tags
        run.outputs = nil
        return run
    }

    func get(_ runID: String) async throws -> Run {
        guard let run = try await reader.read(runID) else { throw ServiceError.runNotFound(runID) }
        return run
    }

    func update(_ runID: String, status: RunStatus?, endTime: UnixMilliseconds?, name: String?) async throws -> RunInfo {
        let experiment = try await runIDCache.entry(for: runID).experiment
        let nameKey = try await keys.ids(for: [RunTag.name], in: experiment)[RunTag.name] ?? 0
        let name = name.flatMap { $0.isEmpty ? nil : $0 }
        return try await store.update(runID, status: status, endTime: endTime, name: name, nameKey: nameKey).info
    }

    func setLifecycleStage(_ runID: String, to stage: LifecycleStage) async throws {
        guard try await store.setLifecycleStage(runID, to: stage, time: time.now()) else { throw ServiceError.runNotFound(runID) }
    }
}
