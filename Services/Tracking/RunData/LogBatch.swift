internal import Primitives
internal import WireProtocol

/// The validated data of one request that logs to a run: a single metric, param or tag, or a batch. Follows MLflow's rules.
struct LogBatch: Sendable {
    var runID: String
    var metrics: [Metric] = []
    var params: [KeyValue] = []
    var tags: [KeyValue] = []
    /// Whether the request is `log-batch`, whose error messages differ.
    var isLogBatchRequest = false

    /// Validates one metric point.
    init(runID: String, metric: Metric) throws {
        self.runID = runID
        metrics = [try Self.checked(metric, path: "")]
    }

    /// Validates one param.
    init(runID: String, param: KeyValue) throws {
        self.runID = runID
        params = [try Self.checked(param: param, path: "key")]
    }

    /// Validates one tag.
    init(runID: String, tag: KeyValue) throws {
        self.runID = runID
        tags = [try Self.checked(tag: tag, path: "")]
    }

    /// Validates a batch, in MLflow's order of checks.
    init(runID: String, metrics: [Metric], params: [KeyValue], tags: [KeyValue]) throws {
        self.runID = runID
        isLogBatchRequest = true
        self.metrics = try metrics.enumerated().map { try Self.checked($1, path: "metrics[\($0)].") }
        self.params = try params.enumerated().map { try Self.checked(param: $1, path: "params[\($0)].key") }
        self.tags = try tags.enumerated().map { try Self.checked(tag: $1, path: "tags[\($0)].") }
        typealias Limit = Validation.Limit
        try Self.checkCount(metrics.count, of: "metrics", limit: Limit.metricsPerBatch)
        try Self.checkCount(params.count, of: "params", limit: Limit.paramsPerBatch)
        try Self.checkCount(tags.count, of: "tags", limit: Limit.tagsPerBatch)
        try Self.checkCount(
            metrics.count + params.count + tags.count, of: "metrics, params, and tags", limit: Limit.entitiesPerBatch)
        try Self.checkUnique(params.map(\.key))
    }

    /// All names, which need key IDs before the batch can be written.
    var keys: [String] { metrics.map(\.key) + params.map(\.key) + tags.map(\.key) }

    /// Whether the batch contains only metric points of the run itself, and at least one.
    var hasOnlyMetrics: Bool {
        !metrics.isEmpty && params.isEmpty && tags.isEmpty && metrics.allSatisfy { $0.modelID == nil }
    }

    private static func checked(_ metric: Metric, path: String) throws -> Metric {
        try Validation.check(metric.key, path: path + "name")
        guard metric.timestamp.rawValue >= 0 else {
            throw ServiceError.invalidParameter(
                "Invalid value \(metric.timestamp) for parameter '\(path)timestamp' supplied: metric '\(metric.key)' (value="
                    + "\(metric.value)). Timestamp must be a nonnegative long (64-bit integer) ")
        }
        try Validation.checkLength(metric.key, of: "Metric name", limit: Validation.Limit.key)
        return metric
    }

    private static func checked(param: KeyValue, path: String) throws -> KeyValue {
        try Validation.check(param.key, path: path)
        try Validation.checkLength(param.key, of: "Param key", limit: Validation.Limit.key)
        return KeyValue(key: param.key, value: Validation.truncate(param.value, to: Validation.Limit.paramValue))
    }

    private static func checked(tag: KeyValue, path: String) throws -> KeyValue {
        try Validation.check(tag.key, path: path + "key")
        try Validation.checkLength(tag.key, of: path + "key", limit: Validation.Limit.key)
        return KeyValue(key: tag.key, value: Validation.truncate(tag.value, to: Validation.Limit.runTagValue))
    }

    private static func checkCount(_ count: Int, of entities: String, limit: Int) throws {
        guard count <= limit else {
            throw ServiceError.invalidParameter(
                "A batch logging request can contain at most \(limit) \(entities). Got \(count) \(entities). Please split up"
                    + " \(entities) across multiple requests and try again.")
        }
    }

    private static func checkUnique(_ keys: [String]) throws {
        var seen: Set<KeyName> = []
        let repeated = keys.filter { !seen.insert(KeyName($0)).inserted }
        guard repeated.isEmpty else {
            throw ServiceError.invalidParameter(
                "Duplicate parameter keys have been submitted: [\(repeated.map { "'\($0)'" }.joined(separator: ", "))]. Please"
                    + " ensure the request contains only one param value per param key.")
        }
    }
}
