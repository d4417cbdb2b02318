/// A run with its params, tags, inputs, outputs and the latest point of each metric.
package struct Run: ProtobufMessage, JSONWritable {
    package var info: RunInfo
    package var metrics: [Metric] = []
    package var params: [KeyValue] = []
    package var tags: [KeyValue] = []
    package var inputs = RunInputs()
    /// `nil` in the response to the creation of a run.
    package var outputs: RunOutputs? = RunOutputs()

    package init(info: RunInfo) {
        self.info = info
    }

    package init(_ fields: MessageFields) throws {
        info = try fields.message("info") ?? RunInfo(MessageFields(JSONObject()))
        if let data = try fields.object("data") {
            metrics = try data.messages("metrics")
            params = try data.messages("params")
            tags = try data.messages("tags")
        }
        inputs = try fields.message("inputs") ?? RunInputs()
        outputs = try fields.message("outputs")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("info", info)
            json.name("data")
            json.object { json in
                json.field("metrics", metrics)
                json.field("params", params)
                json.field("tags", tags)
            }
            json.field("inputs", inputs)
            json.field("outputs", outputs)
        }
    }
}
