internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import NIOCore
internal import ServiceKit
internal import WireProtocol

/// Routes under `metrics/get-history…`.
struct MetricHistoryRoutes: Sendable {
    let store: MetricHistoryStore

    private static let runsPerRequest = 100
    /// Points in a bulk response.
    private static let bulkLimit = 25_000
    /// Sampled points per run.
    private static let sampleLimit = 2500

    func register(on routes: APIRoutes) {
        routes.raw(.get, "2.0/mlflow/metrics/get-history", requires: .read(.experiment), execution: .onEventLoop) { request, context in
            try await history(try await MessageFields.read(from: request, context: context))
        }
        routes.at(.get, "/ajax-api/2.0/mlflow/metrics/get-history-bulk", requires: .read(.experiment)) { request, context in
            let response = try await bulk(try await MessageFields.read(from: request, context: context))
            return await offEventLoop { .json(response) }
        }
        routes.mlflow(.get, "metrics/get-history-bulk-interval", requires: .read(.experiment)) { fields, _ in
            PageResponse(name: "metrics", items: try await interval(fields))
        }
    }

    // MARK: One metric

    private func history(_ fields: MessageFields) async throws -> Response {
        let run = try fields.requiredRunID()
        let metric = try fields.requiredString("metric_key")
        let token = try fields.string("page_token")
        let limit = try fields.int32("max_results")
        if let limit, limit <= 0 {
            throw ServiceError.invalidParameter(
                "Invalid value \(limit) for parameter 'max_results' supplied. It must be a positive integer.")
        }
        let offset = try PageToken.offset(of: token)
        guard let series = try await store.series([run], metric: metric).first else {
            return .json(PageResponse<Metric>(name: "metrics", items: []))
        }
        guard let limit else { return streamedHistory(series, metric: metric, offset: Int64(offset)) }
        // A page is built in memory, so its size is capped. Clients that request more get a token for the rest.
        let size = min(Int(limit), MetricHistoryStore.pageSize)
        let points = try await store.history(series, offset: Int64(offset), limit: size + 1)
        var page = PageResponse(name: "metrics", items: points.prefix(size).map { $0.metric(key: metric, runID: nil) })
        if points.count > size { page.nextPageToken = PageToken.make(offset: offset + size) }
        let response = page
        return await offEventLoop { .json(response) }
    }

    /// Streams a whole history page by page, so that a million points need little memory.
    private func streamedHistory(_ series: RunMetricSeries, metric: String, offset: Int64) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "{\"metrics\":["))
                var offset = offset
                var isFirst = true
                while true {
                    let points = try await store.history(series, offset: offset, limit: MetricHistoryStore.pageSize)
                    try await writer.write(await Self.elements(points, metric: metric, areFirst: isFirst))
                    isFirst = isFirst && points.isEmpty
                    offset += Int64(points.count)
                    if points.count < MetricHistoryStore.pageSize { break }
                }
                try await writer.write(ByteBuffer(string: "]}"))
                try await writer.finish(nil)
            })
    }

    /// The elements of a JSON array, with a comma before each but the first one, encoded off the event loop.
    private static func elements(_ points: [MetricPoint], metric: String, areFirst: Bool) async -> ByteBuffer {
        await offEventLoop {
            var json = JSONWriter(capacity: points.count * 64)
            for (index, point) in points.enumerated() {
                json.element(after: !areFirst || index > 0)
                point.metric(key: metric, runID: nil).write(to: &json)
            }
            return ByteBuffer(bytes: json.bytes)
        }
    }

    // MARK: Several runs

    /// Handles `get-history-bulk`, which charts in MLflow's UI use. Unlike the other responses, this one always contains the list,
    /// even if it is empty.
    private func bulk(_ fields: MessageFields) async throws -> GetMetricHistoryBulk.Response {
        let runs = try fields.strings("run_id")
        guard !runs.isEmpty else {
            throw ServiceError.invalidParameter("GetMetricHistoryBulk request must specify at least one run_id.")
        }
        guard runs.count <= Self.runsPerRequest else {
            throw ServiceError.invalidParameter(
                "GetMetricHistoryBulk request cannot specify more than \(Self.runsPerRequest) run_ids. Received \(runs.count)"
                    + " run_ids.")
        }
        guard let metric = try fields.string("metric_key") else {
            throw ServiceError.invalidParameter("GetMetricHistoryBulk request must specify a metric_key.")
        }
        var rest = min(Int(try fields.int32("max_results") ?? Int32(Self.bulkLimit)), Self.bulkLimit)
        var metrics: [Metric] = []
        for series in try await store.series(Set(runs).sorted(), metric: metric) where rest > 0 {
            let points = try await store.history(series, offset: 0, limit: rest)
            metrics += points.map { $0.metric(key: metric, runID: series.runID) }
            rest -= points.count
        }
        return GetMetricHistoryBulk.Response(metrics: metrics)
    }

    /// Handles `get-history-bulk-interval`: returns samples of one metric of several runs.
    func interval(_ fields: MessageFields) async throws -> [Metric] {
        let runs = try fields.strings("run_ids")
        guard !runs.isEmpty else { throw MessageFields.missing("run_ids") }
        guard runs.count <= Self.runsPerRequest else {
            throw ServiceError.invalidParameter(
                "GetMetricHistoryBulkInterval request must specify at most \(Self.runsPerRequest) run_ids. Received"
                    + " \(runs.count) run_ids. See the API docs for more information about request parameters.")
        }
        let metric = try fields.requiredString("metric_key")
        let (start, end) = (try fields.integer("start_step"), try fields.integer("end_step"))
        let limit = Int(try fields.int32("max_results") ?? Int32(Self.sampleLimit))
        guard (1...Self.sampleLimit).contains(limit) else {
            throw ServiceError.invalidParameter(
                "max_results must be between 1 and \(Self.sampleLimit). See the API docs for more information about request"
                    + " parameters.")
        }
        let steps = try Self.steps(from: start, to: end)
        var metrics: [Metric] = []
        for series in try await store.series(runs, metric: metric) {
            let points = try await store.sample(series, steps: steps, limit: limit)
            metrics += points.map { $0.metric(key: metric, runID: series.runID) }
        }
        return metrics
    }

    private static func steps(from start: Int64?, to end: Int64?) throws -> ClosedRange<Int64>? {
        guard let start, let end else {
            guard start == nil, end == nil else {
                throw ServiceError.invalidParameter(
                    "If either start step or end step are specified, both must be specified.")
            }
            return nil
        }
        guard start <= end else {
            throw ServiceError.invalidParameter(
                "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end).")
        }
        return start...end
    }
}
