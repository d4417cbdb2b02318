internal import Database
internal import Foundation
internal import ServiceKit
internal import WireProtocol

/// Creates, reads and changes experiments, after validation.
struct ExperimentService: Sendable {
    /// The maximum length of an artifact location in Unicode characters.
    private static let locationLimit = 2048

    let store: ExperimentStore
    let time: TimeSource
    /// The URI below which experiments without their own location store artifacts.
    let artifactRoot: String

    func create(name: String, artifactLocation: String, tags: [KeyValue]) async throws -> Int64 {
        try Self.check(name: name)
        try Self.check(location: artifactLocation)
        try CustomViews.check(count: tags.count { CustomViews.isView($0.key) }, experiment: nil)
        for tag in tags { try Self.check(tag) }
        guard Set(tags.map(\.key)).count == tags.count else {
            throw ServiceError(.resourceAlreadyExists, "Experiment(name=\(name)) already exists. Error: duplicate tag key")
        }
        let root = artifactRoot
        let id = try await store.create(name: name, tags: tags, time: time.now()) { id in
            artifactLocation.isEmpty ? ArtifactURI.appending(String(id), to: root) : Self.absolute(artifactLocation)
        }
        guard let id else { throw ServiceError(.resourceAlreadyExists, "Experiment(name=\(name)) already exists.") }
        return id
    }

    /// Creates the experiment "Default" with ID 0 if it doesn't exist.
    func createDefault() async throws {
        try await store.createDefault(
            name: "Default", artifactLocation: ArtifactURI.appending(String(ExperimentID.default), to: artifactRoot),
            time: time.now())
    }

    func get(_ idText: String) async throws -> Experiment {
        let id = try ExperimentID.parse(idText)
        guard let experiment = try await store.find(id: id) else { throw ServiceError.experimentNotFound(id) }
        return experiment
    }

    func get(name: String) async throws -> Experiment {
        guard let experiment = try await store.find(name: name) else {
            throw ServiceError.doesNotExist("Could not find experiment with name '\(name)'")
        }
        return experiment
    }

    /// Deletes or restores an experiment and all its runs.
    func setLifecycleStage(_ idText: String, from: LifecycleStage, to: LifecycleStage) async throws {
        let id = try ExperimentID.parse(idText)
        guard try await store.setLifecycleStage(id: id, from: from, to: to, time: time.now()) else {
            throw ServiceError.experimentNotFound(id)
        }
    }

    func rename(_ idText: String, to name: String) async throws {
        try Self.check(name: name)
        let experiment = try await get(idText)
        guard experiment.lifecycleStage == .active else {
            throw ServiceError.invalidParameter("Cannot rename a non-active experiment.")
        }
        do {
            try await store.rename(id: experiment.id, to: name, time: time.now())
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            throw ServiceError(.badRequest, "Experiment(name=\(name)) already exists.", cause: error)
        }
    }

    func setTag(_ tag: KeyValue, of idText: String) async throws {
        try Self.check(tag)
        let experiment = try await active(idText)
        if CustomViews.isView(tag.key), !experiment.tags.contains(where: { $0.key == tag.key }) {
            let views = experiment.tags.count { CustomViews.isView($0.key) }
            try CustomViews.check(count: views + 1, experiment: experiment.id)
        }
        try await store.setTag(tag, experiment: experiment.id)
    }

    func deleteTag(_ key: String, of idText: String) async throws {
        let experiment = try await active(idText)
        guard try await store.deleteTag(key, experiment: experiment.id) else {
            throw ServiceError.doesNotExist("No tag with name: \(key) in experiment with id \(idText)")
        }
    }

    private func active(_ idText: String) async throws -> Experiment {
        let experiment = try await get(idText)
        try experiment.lifecycleStage.requireActive(experiment: experiment.id)
        return experiment
    }

    private static func check(name: String) throws {
        guard !name.isEmpty else { throw ServiceError.invalidParameter("Invalid experiment name: '\(name)'") }
        try Validation.checkLength(name, of: "name", limit: Validation.Limit.experimentName)
    }

    private static func check(_ tag: KeyValue) throws {
        try Validation.check(tag.key, path: "key")
        try Validation.checkLength(tag.key, of: "key", limit: Validation.Limit.key)
        try Validation.checkLength(tag.value, of: "value", limit: Validation.Limit.experimentTagValue)
    }

    private static func check(location: String) throws {
        guard !location.contains("#"), !location.contains(";") else {
            throw ServiceError.invalidParameter("'artifact_location' URL can't include fragments or params.")
        }
        guard location.unicodeScalars.count <= locationLimit else {
            throw ServiceError.invalidParameter(
                "Invalid artifact path length. The length of the artifact path cannot be greater than \(locationLimit) characters."
                    + " To configure this limit, please set the MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH environment variable.")
        }
    }

    /// Makes a relative directory path absolute; returns an absolute path or URI unchanged.
    private static func absolute(_ location: String) -> String {
        guard !location.hasPrefix("/"), !location.contains(":") else { return location }
        return ArtifactURI.appending(location, to: FileManager.default.currentDirectoryPath)
    }
}
