/// A registered model, or a prompt, which is a registered model with the tag `PromptTag.isPrompt`. Times are milliseconds since 1970.
package struct RegisteredModel: ProtobufMessage, JSONWritable {
    package var name: String
    package var creationTime: Int64
    package var lastUpdateTime: Int64
    package var description: String
    /// The newest version of each stage, without aliases.
    package var latestVersions: [ModelVersion]
    package var tags: [KeyValue]
    package var aliases: [RegisteredModelAlias]

    package init(
        name: String, creationTime: Int64, lastUpdateTime: Int64, description: String, latestVersions: [ModelVersion] = [],
        tags: [KeyValue] = [], aliases: [RegisteredModelAlias] = []
    ) {
        self.name = name
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.description = description
        self.latestVersions = latestVersions
        self.tags = tags
        self.aliases = aliases
    }

    package init(_ fields: MessageFields) throws {
        name = try fields.string("name") ?? ""
        creationTime = try fields.integer("creation_timestamp") ?? 0
        lastUpdateTime = try fields.integer("last_updated_timestamp") ?? 0
        description = try fields.string("description") ?? ""
        latestVersions = try fields.messages("latest_versions")
        tags = try fields.messages("tags")
        aliases = try fields.messages("aliases")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("creation_timestamp", creationTime)
            json.field("last_updated_timestamp", lastUpdateTime)
            json.field("description", description.isEmpty ? nil : description)
            json.field("latest_versions", latestVersions)
            json.field("tags", tags)
            json.field("aliases", aliases)
        }
    }
}
