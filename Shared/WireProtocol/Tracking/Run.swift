/// A run with its params, tags, inputs, outputs and the latest point of each metric.
package struct Run: Sendable, JSONWritable {
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

/// The datasets and logged models that a run used.
package struct RunInputs: Sendable, JSONWritable {
    package var datasets: [DatasetInput] = []
    package var models: [ModelInput] = []

    package init() {}

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("dataset_inputs", datasets)
            json.field("model_inputs", models)
        }
    }
}

/// The logged models that a run produced.
package struct RunOutputs: Sendable, JSONWritable {
    package var models: [ModelOutput] = []

    package init() {}

    package func write(to json: inout JSONWriter) {
        json.object { $0.field("model_outputs", models) }
    }
}

/// A dataset as recorded by runs: a name, a digest and a description, but not the data.
package struct Dataset: Sendable, Hashable, RequestMessage, JSONWritable {
    package var name: String
    package var digest: String
    package var sourceType: String
    package var source: String
    package var schema: String?
    package var profile: String?

    package init(name: String, digest: String, sourceType: String, source: String, schema: String?, profile: String?) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
    }

    package init(_ fields: RequestFields) throws {
        name = try fields.string("name") ?? ""
        digest = try fields.string("digest") ?? ""
        sourceType = try fields.string("source_type") ?? ""
        source = try fields.string("source") ?? ""
        schema = try fields.nonEmptyString("schema")
        profile = try fields.nonEmptyString("profile")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("digest", digest)
            json.field("source_type", sourceType)
            json.field("source", source)
            json.field("schema", schema)
            json.field("profile", profile)
        }
    }
}

/// A dataset that is an input of a run, with tags that describe its purpose (`mlflow.data.context`).
package struct DatasetInput: Sendable, RequestMessage, JSONWritable {
    package var tags: [KeyValue]
    package var dataset: Dataset

    package init(tags: [KeyValue], dataset: Dataset) {
        self.tags = tags
        self.dataset = dataset
    }

    package init(_ fields: RequestFields) throws {
        tags = try fields.messages("tags")
        dataset = try fields.message("dataset") ?? Dataset(RequestFields(JSONObject()))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("tags", tags)
            json.field("dataset", dataset)
        }
    }
}

/// A logged model that a run used.
package struct ModelInput: Sendable, RequestMessage, JSONWritable {
    package var modelID: String

    package init(modelID: String) {
        self.modelID = modelID
    }

    package init(_ fields: RequestFields) throws {
        modelID = try fields.string("model_id") ?? ""
    }

    package func write(to json: inout JSONWriter) {
        json.object { $0.field("model_id", modelID) }
    }
}

/// A logged model that a run produced, at a step.
package struct ModelOutput: Sendable, RequestMessage, JSONWritable {
    package var modelID: String
    package var step: Int64

    package init(modelID: String, step: Int64) {
        self.modelID = modelID
        self.step = step
    }

    package init(_ fields: RequestFields) throws {
        modelID = try fields.string("model_id") ?? ""
        step = try fields.integer("step") ?? 0
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("model_id", modelID)
            json.field("step", step)
        }
    }
}
