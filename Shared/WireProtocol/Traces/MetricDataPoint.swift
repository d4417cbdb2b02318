package import Primitives

/// The aggregated values of one group (MLflow's `MetricDataPoint`).
package struct MetricDataPoint: Sendable, Equatable {
    package var metric: String
    /// The start of the group's time bucket; `nil` without buckets.
    package var bucket: UnixMilliseconds?
    /// The names and values of the dimensions.
    package var dimensions: [KeyValue]
    package var values: [Value]

    package init(metric: String, bucket: UnixMilliseconds? = nil, dimensions: [KeyValue] = [], values: [Value] = []) {
        self.metric = metric
        self.bucket = bucket
        self.dimensions = dimensions
        self.values = values
    }

    /// The result of one aggregation.
    package struct Value: Sendable, Equatable {
        /// The name of the aggregation, such as `AVG` or `P99.0`.
        package var label: String
        package var number: Double

        package init(label: String, number: Double) {
            self.label = label
            self.number = number
        }
    }
}

extension MetricDataPoint: ProtobufMessage {
    package init(_ fields: MessageFields) throws {
        metric = try fields.string("metric_name") ?? ""
        dimensions = try fields.stringMap("dimensions")
        if let index = dimensions.firstIndex(where: { $0.key == Self.timeBucket }) {
            let text = dimensions.remove(at: index).value
            guard let time = ProtobufTime.time(text) else { throw MessageFields.wrongType(Self.timeBucket, .string(text)) }
            bucket = time
        }
        values = try fields.numberMap("values").map { Value(label: $0.name, number: $0.number) }
    }
}

extension MetricDataPoint: JSONWritable {
    private static let timeBucket = "time_bucket"

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("metric_name", metric)
            let bucket = bucket.map { [KeyValue(key: Self.timeBucket, value: Self.isoText($0))] } ?? []
            json.map("dimensions", bucket + dimensions)
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
    private static func isoText(_ time: UnixMilliseconds) -> String { ProtobufTime.text(time).dropLast() + "+00:00" }
}
