package import Primitives

/// A registered model, or a prompt, which is a registered model with the tag `PromptTag.isPrompt`.
package struct RegisteredModel: ProtobufMessage, JSONWritable {
    package var name: String
    package var creationTime: UnixMilliseconds
    package var lastUpdateTime: UnixMilliseconds
    package var description: String
    /// The newest version of each stage, without aliases.
    package var latestVersions: [ModelVersion]
    package var tags: [KeyValue]
    package var aliases: [RegisteredModelAlias]

    package init(
        name: String, creationTime: UnixMilliseconds, lastUpdateTime: UnixMilliseconds, description: String,
        latestVersions: [ModelVersion] = [], tags: [KeyValue] = [], aliases: [RegisteredModelAlias] = []
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
        creationTime = try fields.time("creation_timestamp") ?? UnixMilliseconds(0)
        lastUpdateTime = try fields.time("last_updated_timestamp") ?? UnixMilliseconds(0)
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
