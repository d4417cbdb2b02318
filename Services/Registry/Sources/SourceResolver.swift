internal import ServiceClient
internal import WireProtocol

/// Validates the source of a new model version and locates its files.
struct SourceResolver: Sendable {
    /// In Unicode characters. MLflow's limit is 500; ours only bounds the repeated percent-decoding of a source.
    private static let lengthLimit = 4096

    let policy: SourcePolicy
    var tracking: TrackingClient
    let models: RegisteredModelService
    let versions: ModelVersionStore
    let aliases: AliasService

    /// Validates the source of a request.
    func validate(_ new: CreateModelVersionRequest) async throws -> ResolvedSource {
        try policy.checkPattern(new.source)
        try Validation.checkLength(new.source, of: "source", limit: Self.lengthLimit)
        var resolved = ResolvedSource(source: new.source, runID: new.runID ?? "", modelID: new.modelID ?? "")
        if PromptTag.indicatesPrompt(new.tags) {
            try SourceValidation.checkPromptSource(new.source)
            resolved.isPrompt = true
            return resolved
        }
        try policy.checkScheme(new.source)
        try await resolveReference(&resolved, new)
        if resolved.modelID.isEmpty {
            try await checkRun(of: resolved)
        } else {
            try await checkModel(of: &resolved)
        }
        return resolved
    }

    /// Fills in the location of a validated source's files and the run that created them, if known.
    func resolveLocation(_ resolved: ResolvedSource) async throws -> ResolvedSource {
        var resolved = resolved
        switch ModelURI(resolved.source) {
        case .loggedModel(let id):
            let model = try await loggedModel(id, for: &resolved)
            resolved.location = model.artifactURI
            if resolved.runID.isEmpty { resolved.runID = model.sourceRunID }
        case .version(let name, let number):
            resolved.location = try await versions.downloadURI(of: name, try Validation.versionNumber(number))
        case .latest, .alias, nil: break
        }
        if !resolved.modelID.isEmpty {
            let model = try await loggedModel(resolved.modelID, for: &resolved)
            if resolved.runID.isEmpty { resolved.runID = model.sourceRunID }
        }
        return resolved
    }

    // MARK: Sources that refer to model versions

    /// Replaces a reference to another version with its number, and copies that version's run.
    private func resolveReference(_ resolved: inout ResolvedSource, _ new: CreateModelVersionRequest) async throws {
        let uri = SourceURI(new.source)
        guard uri.scheme == "models" else { return }
        guard uri.authority.isEmpty else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(new.source)'. Registered model sources must use the active model registry.")
        }
        guard let reference = ModelURI(new.source) else { throw SourceValidation.notOwned(new.source, by: .model) }
        guard let version = try await version(reference, new.source) else { return }
        // Registered versions don't store their logged model, so no model_id can match.
        guard (new.runID ?? version.runID ?? "") == version.runID ?? "", (new.modelID ?? "").isEmpty else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(new.source)'. The run_id and model_id request parameters must match the"
                    + " referenced model version.")
        }
        resolved.source = "models:/\(version.name)/\(version.version)"
        resolved.runID = new.runID ?? version.runID ?? ""
    }

    /// Returns the version that a URI refers to; `nil` if it refers to a logged model.
    private func version(_ reference: ModelURI, _ source: String) async throws -> ModelVersion? {
        switch reference {
        case .loggedModel: return nil
        case .version(let name, let number):
            try await checkIsNotPrompt(name, source)
            return try await versions.find(name, try Validation.versionNumber(number))
        case .alias(let name, let alias):
            try await checkIsNotPrompt(name, source)
            return try await aliases.version(of: name, alias: alias)
        case .latest(let name, let stage):
            try await checkIsNotPrompt(name, source)
            let found = try await models.latestVersions(of: name, stages: stage.map { [$0] } ?? [])
            if let newest = found.max(by: { $0.version < $1.version }) { return newest }
            let inStage = stage.map { " and stage '\($0)'" } ?? ""
            throw ServiceError.doesNotExist("No versions of model with name '\(name)'\(inStage) found")
        }
    }

    private func checkIsNotPrompt(_ name: String, _ source: String) async throws {
        guard try await !PromptTag.indicatesPrompt(models.get(name).tags) else {
            throw ServiceError.invalidParameter(
                "Invalid model version source: '\(source)'. Prompt versions cannot be used as model version sources.")
        }
    }

    // MARK: Sources that a run or a logged model must own

    /// Validates a source for a request without a logged model.
    private func checkRun(of resolved: ResolvedSource) async throws {
        let (source, run) = (resolved.source, resolved.runID)
        if try SourceValidation.isLocal(source) {
            guard !run.isEmpty,
                try await SourceValidation.isLocalSource(source, inside: artifactURI(ofRun: run, source))
            else { throw SourceValidation.localNotOwned(source, by: .run) }
            return
        }
        try SourceValidation.checkAbsolute(source)
        let uri = SourceURI(source)
        switch uri.scheme {
        case "runs":
            guard uri.authority.isEmpty, try SourceValidation.run(in: uri, source) == run else {
                throw SourceValidation.notOwned(source, by: .run)
            }
        case "models":
            if case .loggedModel = ModelURI(source) { throw SourceValidation.notOwned(source, by: .model) }
        default:
            guard SourceValidation.isServedArtifact(source) else { return }
            guard !run.isEmpty, try await SourceValidation.isUnder(source, root: artifactURI(ofRun: run, source)) else {
                throw SourceValidation.notOwned(source, by: .run)
            }
        }
    }

    /// Validates a source for a request that names a logged model.
    private func checkModel(of resolved: inout ResolvedSource) async throws {
        let source = resolved.source
        if try SourceValidation.isLocal(source) {
            let model = try await owner(of: &resolved)
            guard try SourceValidation.isLocalSource(source, inside: model.artifactURI) else {
                throw SourceValidation.localNotOwned(source, by: .model)
            }
            return
        }
        try SourceValidation.checkAbsolute(source)
        switch SourceURI(source).scheme {
        case "models":
            if case .loggedModel(let id) = ModelURI(source), id != resolved.modelID {
                throw SourceValidation.notOwned(source, by: .model)
            }
        case "runs": throw SourceValidation.notOwned(source, by: .model)
        default:
            guard SourceValidation.isServedArtifact(source) else { return }
            let model = try await owner(of: &resolved)
            guard SourceValidation.isUnder(source, root: model.artifactURI) else {
                throw SourceValidation.notOwned(source, by: .model)
            }
        }
    }

    // MARK: Calls to the tracking service

    private func artifactURI(ofRun id: String, _ source: String) async throws -> String {
        do {
            return try await tracking.run(id).info.artifactURI
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            throw SourceValidation.notOwned(source, by: .run)
        }
    }

    /// Returns the logged model that the request names as the source's owner.
    private func owner(of resolved: inout ResolvedSource) async throws -> LoggedModel {
        do {
            return try await loggedModel(resolved.modelID, for: &resolved)
        } catch let error as ServiceError where error.code == .resourceDoesNotExist {
            throw SourceValidation.notOwned(resolved.source, by: .model)
        }
    }

    /// Returns a logged model, fetched once per request.
    private func loggedModel(_ id: String, for resolved: inout ResolvedSource) async throws -> LoggedModel {
        if let cached = resolved.loggedModel, cached.modelID == id { return cached }
        let model = try await tracking.loggedModel(id)
        resolved.loggedModel = model
        return model
    }
}

/// The validated source of a new version.
struct ResolvedSource: Sendable {
    var source: String
    /// Empty if no run is known.
    var runID: String
    /// Empty if no logged model is known.
    var modelID: String
    var isPrompt = false
    /// The location of the files, if it differs from the source.
    var location: String?
    /// The logged model as returned by the tracking service.
    var loggedModel: LoggedModel?
}
