internal import ServiceClient
internal import WireProtocol

/// Decides whether a new model version may come from where the request says, and finds its files.
struct SourceAdmission: Sendable {
    /// Beyond MLflow's 500; a bound is needed because a source is decoded over and over.
    private static let lengthLimit = 4096

    let policy: SourcePolicy
    let tracking: TrackingClient
    let models: RegisteredModelRules
    let versions: ModelVersionStore
    let aliases: AliasRules

    /// Checks the source of a request.
    func admit(_ new: NewModelVersion) async throws -> AdmittedSource {
        try policy.checkPattern(new.source)
        try NameRules.checkLength(new.source, of: "source", limit: Self.lengthLimit)
        var admitted = AdmittedSource(source: new.source, runID: new.runID ?? "", modelID: new.modelID ?? "")
        if PromptTag.marks(new.tags) {
            try SourceRules.checkPromptSource(new.source)
            admitted.isPrompt = true
            return admitted
        }
        try policy.checkScheme(new.source)
        try await resolveReference(&admitted, new)
        if admitted.modelID.isEmpty {
            try await checkRun(of: admitted)
        } else {
            try await checkModel(of: &admitted)
        }
        return admitted
    }

    /// Finds where the files of an admitted source are, and which run made them, as far as that is known.
    func locate(_ admitted: AdmittedSource) async throws -> AdmittedSource {
        var admitted = admitted
        switch ModelURI(admitted.source) {
        case .loggedModel(let id):
            let model = try await loggedModel(id, for: &admitted)
            admitted.location = model.artifactURI
            if admitted.runID.isEmpty { admitted.runID = model.sourceRunID }
        case .version(let name, let number):
            admitted.location = try await versions.downloadURI(of: name, try NameRules.versionNumber(number))
        case .latest, .alias, nil: break
        }
        if !admitted.modelID.isEmpty {
            let model = try await loggedModel(admitted.modelID, for: &admitted)
            if admitted.runID.isEmpty { admitted.runID = model.sourceRunID }
        }
        return admitted
    }

    // MARK: Sources that are versions of registered models

    /// Replaces a reference to another version by its number, and takes over the run that it comes from.
    private func resolveReference(_ admitted: inout AdmittedSource, _ new: NewModelVersion) async throws {
        let uri = SourceURI(new.source)
        guard uri.scheme == "models" else { return }
        guard uri.authority.isEmpty else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(new.source)'. Registered model sources must use the active model registry.")
        }
        guard let reference = ModelURI(new.source) else { throw SourceRules.notOwned(new.source, by: .model) }
        guard let version = try await version(reference, new.source) else { return }
        // Registered versions don't keep the logged model that they came from, so none can match.
        guard (new.runID ?? version.runID ?? "") == version.runID ?? "", (new.modelID ?? "").isEmpty else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(new.source)'. The run_id and model_id request parameters must match the"
                    + " referenced model version.")
        }
        admitted.source = "models:/\(version.name)/\(version.version)"
        admitted.runID = new.runID ?? version.runID ?? ""
    }

    /// The version that a URI refers to; `nil` when it refers to a logged model.
    private func version(_ reference: ModelURI, _ source: String) async throws -> ModelVersion? {
        switch reference {
        case .loggedModel: return nil
        case .version(let name, let number):
            try await checkIsModel(name, source)
            return try await versions.find(name, try NameRules.versionNumber(number))
        case .alias(let name, let alias):
            try await checkIsModel(name, source)
            return try await aliases.version(of: name, alias: alias)
        case .latest(let name, let stage):
            try await checkIsModel(name, source)
            let found = try await models.latestVersions(of: name, stages: stage.map { [$0] } ?? [])
            if let newest = found.max(by: { $0.version < $1.version }) { return newest }
            let inStage = stage.map { " and stage '\($0)'" } ?? ""
            throw ServiceError.doesNotExist("No versions of model with name '\(name)'\(inStage) found")
        }
    }

    private func checkIsModel(_ name: String, _ source: String) async throws {
        guard try await !PromptTag.marks(models.get(name).tags) else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(source)'. Prompt versions cannot be used as model version sources.")
        }
    }

    // MARK: Sources that a run or a logged model must hold

    /// Checks a source for which the request names no logged model.
    private func checkRun(of admitted: AdmittedSource) async throws {
        let (source, run) = (admitted.source, admitted.runID)
        if try SourceRules.isLocal(source) {
            guard !run.isEmpty,
                try await SourceRules.isLocalSource(source, inside: artifactURI(ofRun: run, source))
            else { throw SourceRules.localNotOwned(source, by: .run) }
            return
        }
        try SourceRules.checkAbsolute(source)
        let uri = SourceURI(source)
        switch uri.scheme {
        case "runs":
            guard uri.authority.isEmpty, try SourceRules.run(in: uri, source) == run else {
                throw SourceRules.notOwned(source, by: .run)
            }
        case "models":
            if case .loggedModel = ModelURI(source) { throw SourceRules.notOwned(source, by: .model) }
        default:
            guard SourceRules.isServedArtifact(source) else { return }
            guard !run.isEmpty, try await SourceRules.isUnder(source, root: artifactURI(ofRun: run, source)) else {
                throw SourceRules.notOwned(source, by: .run)
            }
        }
    }

    /// Checks a source for which the request names a logged model.
    private func checkModel(of admitted: inout AdmittedSource) async throws {
        let source = admitted.source
        if try SourceRules.isLocal(source) {
            let model = try await owner(of: &admitted)
            guard try SourceRules.isLocalSource(source, inside: model.artifactURI) else {
                throw SourceRules.localNotOwned(source, by: .model)
            }
            return
        }
        try SourceRules.checkAbsolute(source)
        switch SourceURI(source).scheme {
        case "models":
            if case .loggedModel(let id) = ModelURI(source), id != admitted.modelID {
                throw SourceRules.notOwned(source, by: .model)
            }
        case "runs": throw SourceRules.notOwned(source, by: .model)
        default:
            guard SourceRules.isServedArtifact(source) else { return }
            let model = try await owner(of: &admitted)
            guard SourceRules.isUnder(source, root: model.artifactURI) else { throw SourceRules.notOwned(source, by: .model) }
        }
    }

    // MARK: Questions to the tracking service

    private func artifactURI(ofRun id: String, _ source: String) async throws -> String {
        do {
            return try await tracking.artifactURI(ofRun: id)
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            throw SourceRules.notOwned(source, by: .run)
        }
    }

    /// The logged model that the request names, of which the source is said to be.
    private func owner(of admitted: inout AdmittedSource) async throws -> TrackedModel {
        do {
            return try await loggedModel(admitted.modelID, for: &admitted)
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            throw SourceRules.notOwned(admitted.source, by: .model)
        }
    }

    /// Asks once for each request.
    private func loggedModel(_ id: String, for admitted: inout AdmittedSource) async throws -> TrackedModel {
        if let known = admitted.loggedModel, known.id == id { return known }
        let model = try await tracking.loggedModel(id)
        admitted.loggedModel = model
        return model
    }
}

/// The source of a new version, checked.
struct AdmittedSource: Sendable {
    var source: String
    /// Empty when no run is known.
    var runID: String
    /// Empty when no logged model is.
    var modelID: String
    var isPrompt = false
    /// Where the files are, if not at the source itself.
    var location: String?
    /// What the tracking service said of the logged model.
    var loggedModel: TrackedModel?
}
