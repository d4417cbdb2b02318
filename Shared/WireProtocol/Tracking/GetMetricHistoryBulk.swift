/// The history of a metric of several runs.
package enum GetMetricHistoryBulk {
    /// The points. Unlike other messages, this one always contains the list, even if it is empty.
    package struct Response: ProtobufMessage, JSONWritable {
        package var metrics: [Metric]

        package init(metrics: [Metric]) { self.metrics = metrics }

        package init(_ fields: MessageFields) throws { metrics = try fields.messages("metrics") }

        package func write(to json: inout JSONWriter) {
            json.object { $0.list("metrics", metrics) }
        }
    }
}
