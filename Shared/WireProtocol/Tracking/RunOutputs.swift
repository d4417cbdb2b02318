/// The logged models that a run produced.
package struct RunOutputs: ProtobufMessage, JSONWritable {
    package var models: [ModelOutput] = []

    package init() {}

    package init(_ fields: MessageFields) throws { models = try fields.messages("model_outputs") }

    package func write(to json: inout JSONWriter) {
        json.object { $0.field("model_outputs", models) }
    }
}

/// A logged model that a run produced, at a step.
package struct ModelOutput: ProtobufMessage, JSONWritable {
    package var modelID: String
    package var step: Int64

    package init(modelID: String, step: Int64) {
        self.modelID = modelID
        self.step = step
    }

    package init(_ fields: MessageFields) throws {
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
