/// A dataset that an experiment's runs used, in the response to a search for datasets.
package struct DatasetSummary: Hashable, ProtobufMessage, JSONWritable {
    package var experimentID: Int64
    package var name: String
    package var digest: String
    /// The purpose for which it was used (tag `mlflow.data.context`), if a run specified it.
    package var context: String?

    package init(experimentID: Int64, name: String, digest: String, context: String?) {
        self.experimentID = experimentID
        self.name = name
        self.digest = digest
        self.context = context
    }

    package init(_ fields: MessageFields) throws {
        experimentID = try ExperimentID.parse(fields.string("experiment_id") ?? "")
        name = try fields.string("name") ?? ""
        digest = try fields.string("digest") ?? ""
        context = try fields.string("context")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("experiment_id", String(experimentID))
            json.field("name", name)
            json.field("digest", digest)
            json.field("context", context)
        }
    }
}
