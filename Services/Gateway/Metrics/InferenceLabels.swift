internal import ServiceKit

/// The labels of a metric of inference requests.
struct InferenceLabels: SeriesKey {
    let route: String
    let provider: String
    let model: String
    let team: String

    var pairs: [(String, String)] { [("route", route), ("provider", provider), ("model", model), ("team", team)] }

    var tableHash: UInt64 { route.tableHash &+ 3 &* model.tableHash &+ 5 &* team.tableHash }
}

/// The labels with a response status.
struct InferenceStatusLabels: SeriesKey {
    let labels: InferenceLabels
    let status: Int64

    var pairs: [(String, String)] { labels.pairs + [("status", String(status))] }

    var tableHash: UInt64 { labels.tableHash &+ UInt64(truncatingIfNeeded: status) }
}
