internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// Routes `runs/log-…`, `runs/set-tag` and `runs/delete-tag`.
struct RunDataRoutes: Sendable {
    let store: RunDataStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/log-metric", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredRunID()
            let key = try fields.requiredString("key")
            let value = try fields.requiredDouble("value")
            let timestamp = try fields.requiredTime("timestamp")
            var metric = try Metric(fields)
            (metric.key, metric.value, metric.timestamp) = (key, value, timestamp)
            try await store.log(try LogBatch(runID: run, metric: metric))
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/log-parameter", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredRunID()
            let param = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await store.log(try LogBatch(runID: run, param: param))
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/set-tag", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredRunID()
            let tag = KeyValue(key: try fields.requiredString("key"), value: try fields.string("value") ?? "")
            try await store.log(try LogBatch(runID: run, tag: tag))
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/delete-tag", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredString("run_id")
            let key = try fields.requiredString("key")
            guard try await store.deleteTag(key, of: run) else {
                throw ServiceError.doesNotExist("No tag with name: \(key) in run with id \(run)")
            }
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/log-batch", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            try await store.log(try Self.batch(fields))
            return EmptyResponse()
        }
    }

    private static func batch(_ fields: MessageFields) throws -> LogBatch {
        let run = try fields.requiredString("run_id")
        try BatchValidation.check(fields)
        return try LogBatch(
            runID: run, metrics: try fields.messages("metrics"), params: try fields.messages("params"),
            tags: try fields.messages("tags"))
    }
}

/// MLflow's checks for required members in the entries of a batch. Error messages contain the position of the entry.
private enum BatchValidation {
    static func check(_ fields: MessageFields) throws {
        try require(["key", "value", "timestamp"], in: "metrics", of: fields)
        try require(["key"], in: "params", of: fields)
        try require(["key"], in: "tags", of: fields)
    }

    private static func require(_ names: [String], in list: String, of fields: MessageFields) throws {
        for (index, entry) in (try fields.value(list)?.arrayValue ?? []).enumerated() {
            guard case .object(let object) = entry else { continue }
            for name in names {
                guard let value = object[name], value != .null, value != .string("") else {
                    throw MessageFields.missing("\(list)[\(index)].\(name)")
                }
            }
        }
    }
}
