package import Primitives

/// An experiment: a named group of runs.
package struct Experiment: ProtobufMessage, JSONWritable {
    package var id: Int64
    package var name: String
    package var artifactLocation: String
    package var lifecycleStage: LifecycleStage
    package var creationTime: UnixMilliseconds
    package var lastUpdateTime: UnixMilliseconds
    package var tags: [KeyValue]

    package init(
        id: Int64, name: String, artifactLocation: String, lifecycleStage: LifecycleStage, creationTime: UnixMilliseconds,
        lastUpdateTime: UnixMilliseconds, tags: [KeyValue] = []
    ) {
        self.id = id
        self.name = name
        self.artifactLocation = artifactLocation
        self.lifecycleStage = lifecycleStage
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.tags = tags
    }

    package init(_ fields: MessageFields) throws {
        id = try ExperimentID.parse(fields.string("experiment_id") ?? "")
        name = try fields.string("name") ?? ""
        artifactLocation = try fields.string("artifact_location") ?? ""
        lifecycleStage = try LifecycleStage(wire: fields.string("lifecycle_stage"))
        lastUpdateTime = try fields.time("last_update_time") ?? UnixMilliseconds(0)
        creationTime = try fields.time("creation_time") ?? UnixMilliseconds(0)
        tags = try fields.messages("tags")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("experiment_id", String(id))
            json.field("name", name)
            json.field("artifact_location", artifactLocation)
            json.field("lifecycle_stage", lifecycleStage.rawValue)
            json.field("last_update_time", lastUpdateTime)
            json.field("creation_time", creationTime)
            json.field("tags", tags)
            json.field("workspace", "default")
        }
    }
}
