package import Primitives

/// A version of a registered model or a prompt.
///
/// Fields are optional if MLflow distinguishes an absent value from an empty string; absent ones are not written.
package struct ModelVersion: ProtobufMessage, JSONWritable {
    package var name: String
    /// The number within the model, starting at 1. Numbers of deleted versions are not reused.
    package var version: Int64
    package var creationTime: UnixMilliseconds
    package var lastUpdateTime: UnixMilliseconds
    package var userID: String?
    /// The name of a `ModelVersionStage`.
    package var stage: String
    package var description: String?
    /// The model's location as the client sent it: `s3://…`, `runs:/RUN/path`, `models:/m-…`, and so on.
    package var source: String?
    package var runID: String?
    /// `READY` for all versions that our registry creates.
    package var status: String
    package var statusMessage: String?
    package var tags: [KeyValue]
    package var runLink: String?
    package var aliases: [String]

    package init(
        name: String, version: Int64, creationTime: UnixMilliseconds, lastUpdateTime: UnixMilliseconds, userID: String?, stage: String,
        description: String?, source: String?, runID: String?, status: String, statusMessage: String?, tags: [KeyValue] = [],
        runLink: String?, aliases: [String] = []
    ) {
        self.name = name
        self.version = version
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.userID = userID
        self.stage = stage
        self.description = description
        self.source = source
        self.runID = runID
        self.status = status
        self.statusMessage = statusMessage
        self.tags = tags
        self.runLink = runLink
        self.aliases = aliases
    }

    package init(_ fields: MessageFields) throws {
        name = try fields.string("name") ?? ""
        version = try fields.integer("version") ?? 0
        creationTime = try fields.time("creation_timestamp") ?? UnixMilliseconds(0)
        lastUpdateTime = try fields.time("last_updated_timestamp") ?? UnixMilliseconds(0)
        userID = try fields.string("user_id")
        stage = try fields.string("current_stage") ?? ""
        description = try fields.string("description")
        source = try fields.string("source")
        runID = try fields.string("run_id")
        status = try fields.string("status") ?? ""
        statusMessage = try fields.string("status_message")
        tags = try fields.messages("tags")
        runLink = try fields.string("run_link")
        aliases = try fields.strings("aliases")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("version", String(version))
            json.field("creation_timestamp", creationTime)
            json.field("last_updated_timestamp", lastUpdateTime)
            json.field("user_id", userID)
            json.field("current_stage", stage)
            json.field("description", description)
            json.field("source", source)
            json.field("run_id", runID)
            json.field("status", status)
            json.field("status_message", statusMessage)
            json.field("tags", tags)
            json.field("run_link", runLink)
            json.field("aliases", aliases)
        }
    }
}
