/// The datasets and logged models that a run used.
package struct RunInputs: ProtobufMessage, JSONWritable {
    package var datasets: [DatasetInput] = []
    package var models: [ModelInput] = []

    package init() {}

    package init(_ fields: MessageFields) throws {
        datasets = try fields.messages("dataset_inputs")
        models = try fields.messages("model_inputs")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("dataset_inputs", datasets)
            json.field("model_inputs", models)
        }
    }
}

/// A dataset that is an input of a run, with tags that describe its purpose (`mlflow.data.context`).
package struct DatasetInput: ProtobufMessage, JSONWritable {
    package var tags: [KeyValue]
    package var dataset: Dataset

    package init(tags: [KeyValue], dataset: Dataset) {
        self.tags = tags
        self.dataset = dataset
    }

    package init(_ fields: MessageFields) throws {
        tags = try fields.messages("tags")
        dataset = try fields.message("dataset") ?? Dataset(MessageFields(JSONObject()))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("tags", tags)
            json.field("dataset", dataset)
        }
    }
}

/// A logged model that a run used.
package struct ModelInput: ProtobufMessage, JSONWritable {
    package var modelID: String

    package init(modelID: String) {
        self.modelID = modelID
    }

    package init(_ fields: MessageFields) throws {
        modelID = try fields.string("model_id") ?? ""
    }

    package func write(to json: inout JSONWriter) {
        json.object { $0.field("model_id", modelID) }
    }
}
