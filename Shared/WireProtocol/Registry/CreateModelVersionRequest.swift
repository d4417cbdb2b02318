/// The request of `model-versions/create`.
package struct CreateModelVersionRequest: ProtobufMessage, JSONWritable {
    package var name: String
    package var source: String
    /// `nil` when it is absent, which differs from an empty string.
    package var runID: String?
    package var tags: [KeyValue]
    package var runLink: String
    package var description: String
    /// `nil` when it is absent, which differs from an empty string.
    package var modelID: String?

    package init(
        name: String, source: String, runID: String? = nil, tags: [KeyValue] = [], runLink: String = "",
        description: String = "", modelID: String? = nil
    ) {
        self.name = name
        self.source = source
        self.runID = runID
        self.tags = tags
        self.runLink = runLink
        self.description = description
        self.modelID = modelID
    }

    package init(_ fields: MessageFields) throws {
        name = try fields.requiredString("name")
        source = try fields.requiredString("source")
        runID = try fields.string("run_id")
        tags = try fields.messages("tags")
        runLink = try fields.string("run_link") ?? ""
        description = try fields.string("description") ?? ""
        modelID = try fields.string("model_id")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("source", source)
            json.field("run_id", runID)
            json.field("tags", tags)
            json.field("run_link", runLink.isEmpty ? nil : runLink)
            json.field("description", description.isEmpty ? nil : description)
            json.field("model_id", modelID)
        }
    }
}
