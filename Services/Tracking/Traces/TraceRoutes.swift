internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/…` of API version 3, and the endpoints that both versions share, except search and assessments.
struct TraceRoutes: Sendable {
    let store: TraceStore
    let writer: TraceWriter
    let time: TimeSource
    let random: RandomSource

    func register(on routes: APIRoutes) {
        registerReads(on: routes)
        registerTags(on: routes)
        registerLinks(on: routes)
        // The headers identify the client's version.
        routes.raw(.post, "3.0/mlflow/traces", requires: .edit(.experiment), execution: .onEventLoop) { request, context in
            try await MessageFields.handle(request, context) { fields in
                var startTrace = try TraceValidation.checked(try StartTraceRequest(fields))
                startTrace.sendsSpans = ClientVersion.sendsSpans(
                    version: request.headers[.xMLflowClientVersion], agent: request.headers[.userAgent])
                let now = time.now()
                for index in startTrace.info.assessments.indices {
                    startTrace.info.assessments[index].complete(of: startTrace.info.traceID, now, random)
                }
                return .json(Envelope("trace", Envelope("trace_info", try await writer.write(startTrace))))
            }
        }
        for version in ["2.0", "3.0"] {
            routes.mlflow(.post, "traces/delete-traces", version: version, requires: .manage(.experiment)) { fields, _ in
                let experiment = try ExperimentID.parse(try fields.requiredString("experiment_id"))
                let removed = try await store.remove(try Self.selection(fields), in: experiment)
                return Envelope("traces_deleted", JSONValue.integer(Int64(removed)))
            }
        }
    }

    // MARK: Reading

    private func registerReads(on routes: APIRoutes) {
        routes.mlflow(
            .get, "traces/{trace_id}", version: "3.0", requires: .read(.experiment), execution: .onEventLoop
        ) { _, context in
            Envelope("trace", Envelope("trace_info", try await store.info(context.pathParameter("trace_id"))))
        }
        routes.mlflow(.get, "traces/get", version: "3.0", requires: .read(.experiment)) { fields, context in
            let id = try fields.requiredString("trace_id")
            let allowPartial = try fields.bool("allow_partial") ?? false
            return Envelope("trace", try await store.trace(id, allowPartial: allowPartial))
        }
        routes.mlflow(.get, "traces/batchGet", version: "3.0", requires: .read(.experiment)) { fields, context in
            let ids = try Self.ids(fields)
            let experiments = try ExperimentIDs.parse(try fields.strings("experiment_ids"))
            let traces = try await store.traces(ids, in: Set(experiments))
            return PageResponse(name: "traces", items: traces.filter { $0.hasStoredSpans && $0.isComplete })
        }
        routes.mlflow(.post, "traces/batchGetInfos", version: "3.0", requires: .read(.experiment)) { fields, _ in
            PageResponse(name: "trace_infos", items: try await store.infos(try Self.ids(fields)))
        }
    }

    private static func ids(_ fields: MessageFields) throws -> [String] {
        let ids = try fields.requiredStrings("trace_ids")
        guard ids.count <= TraceLimit.tracesPerRequest else {
            throw ServiceError.invalidParameter(
                "Cannot read more than \(TraceLimit.tracesPerRequest) traces in a single request. Requested \(ids.count) traces.")
        }
        return ids
    }

    // MARK: Tags

    private func registerTags(on routes: APIRoutes) {
        for version in ["2.0", "3.0"] {
            routes.mlflow(
                .patch, "traces/{trace_id}/tags", version: version, requires: .edit(.experiment), execution: .onEventLoop
            ) { fields, context in
                let key = try fields.requiredString("key")
                let tag = KeyValue(key: key, value: try fields.string("value") ?? "")
                try TraceValidation.requireMutable(key, isDeletion: false)
                try await store.setTag(try TraceValidation.checked(tag), of: context.pathParameter("trace_id"))
                return EmptyResponse()
            }
            routes.mlflow(
                .delete, "traces/{trace_id}/tags", version: version, requires: .edit(.experiment), execution: .onEventLoop
            ) { fields, context in
                let key = try fields.requiredString("key")
                try TraceValidation.requireMutable(key, isDeletion: true)
                try await store.deleteTag(key, of: context.pathParameter("trace_id"))
                return EmptyResponse()
            }
        }
    }

    // MARK: Links

    private func registerLinks(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/link-to-run", requires: .edit(.experiment)) { fields, _ in
            let ids = try fields.requiredStrings("trace_ids")
            let run = try fields.requiredString("run_id")
            guard ids.count <= TraceLimit.linksPerRequest else {
                throw ServiceError.invalidParameter(
                    "Cannot link more than \(TraceLimit.linksPerRequest) traces to a run in a single request. Provided \(ids.count)"
                        + " traces.")
            }
            try await store.link(ids, toRun: run)
            return EmptyResponse()
        }
        routes.mlflow(.post, "traces/link-prompts", requires: .edit(.experiment)) { fields, _ in
            let trace = try fields.requiredString("trace_id")
            let versions: [PromptVersion] = try fields.messages("prompt_versions")
            try await store.link(versions.map { "\($0.name)/\($0.version)" }, to: trace)
            return EmptyResponse()
        }
    }

    private struct PromptVersion: ProtobufMessage {
        var name: String
        var version: String

        init(_ fields: MessageFields) throws {
            name = try fields.string("name") ?? ""
            version = try fields.string("version") ?? ""
        }
    }

    // MARK: Removal

    private static func selection(_ fields: MessageFields) throws -> TraceStore.Selection {
        let until = try fields.time("max_timestamp_millis")
        let limit = try fields.int32("max_traces")
        let ids = try fields.strings("request_ids") + (try fields.strings("trace_ids"))
        guard until != nil || !ids.isEmpty else {
            throw ServiceError.invalidParameter("Either `max_timestamp_millis` or `trace_ids` must be specified.")
        }
        guard until == nil || ids.isEmpty else {
            throw ServiceError.invalidParameter("Only one of `max_timestamp_millis` and `trace_ids` can be specified.")
        }
        guard ids.isEmpty || limit == nil else {
            throw ServiceError.invalidParameter("`max_traces` can't be specified if `trace_ids` is specified.")
        }
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ServiceError.invalidParameter("`max_traces` must be a positive integer, received \(limit ?? 0).")
        }
        guard let until else { return .traces(ids) }
        return .until(until, limit: limit.map { Int($0) } ?? .max)
    }
}
