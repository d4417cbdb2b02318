package import Primitives

/// A data point of a metric.
package struct Metric: ProtobufMessage, JSONWritable {
    package var key: String
    package var value: Double
    package var timestamp: UnixMilliseconds
    package var step: Int64
    /// The logged model and the dataset to which the point belongs, in addition to its run.
    package var modelID: String?
    package var datasetName: String?
    package var datasetDigest: String?
    /// Set in responses about several runs or models.
    package var runID: String?

    package init(
        key: String, value: Double, timestamp: UnixMilliseconds, step: Int64, modelID: String? = nil,
        datasetName: String? = nil, datasetDigest: String? = nil, runID: String? = nil
    ) {
        self.key = key
        self.value = value
        self.timestamp = timestamp
        self.step = step
        self.modelID = modelID
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
        self.runID = runID
    }

    package init(_ fields: MessageFields) throws {
        key = try fields.string("key") ?? ""
        value = try fields.double("value") ?? 0
        timestamp = try fields.time("timestamp") ?? UnixMilliseconds(0)
        step = try fields.integer("step") ?? 0
        modelID = try fields.nonEmptyString("model_id")
        datasetName = try fields.nonEmptyString("dataset_name")
        datasetDigest = try fields.nonEmptyString("dataset_digest")
        runID = try fields.nonEmptyString("run_id")
        guard (datasetName == nil) == (datasetDigest == nil) else {
            throw ServiceError.invalidParameter("Both dataset_name and dataset_digest must be provided if one is provided")
        }
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("value", value)
            json.field("timestamp", timestamp)
            json.field("step", step)
            json.field("dataset_name", datasetName)
            json.field("dataset_digest", datasetDigest)
            json.field("model_id", modelID)
            json.field("run_id", runID)
        }
    }
}
