internal import WireProtocol

/// The aggregated values of one group (MLflow's `MetricDataPoint`).
struct MetricDataPoint: Sendable, Equatable {
    var metric: String
    /// The start of the group's time bucket in milliseconds since 1970; `nil` without buckets.
    var bucket: Int64?
    /// The names and values of the dimensions.
    var dimensions: [KeyValue]
    var values: [Value]

    struct Value: Sendable, Equatable {
        var label: String
        var number: Double
    }
}

extension MetricDataPoint: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("metric_name", metric)
            if bucket != nil || !dimensions.isEmpty {
                json.name("dimensions")
                json.object { json in
                    json.field("time_bucket", bucket.map(Self.isoText))
                    for dimension in dimensions {
                        json.name(dimension.key)
                        json.string(dimension.value)
                    }
                }
            }
            json.name("values")
            json.object { json in
                for value in values {
                    json.name(value.label)
                    json.number(value.number)
                }
            }
        }
    }

    /// Formats a time as Python's `datetime.isoformat` does, in UTC: `2026-01-01T00:00:00+00:00`.
    private static func isoText(_ milliseconds: Int64) -> String { ProtobufTime.text(milliseconds).dropLast() + "+00:00" }
}
