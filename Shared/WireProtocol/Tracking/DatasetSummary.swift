/// A data set as an experiment's runs used it, in the response to a search for data sets.
package struct DatasetSummary: Sendable, Hashable, JSONWritable {
    package var experimentID: Int64
    package var name: String
    package var digest: String
    /// What it was used for (tag `mlflow.data.context`), if a run said so.
    package var context: String?

    package init(experimentID: Int64, name: String, digest: String, context: String?) {
        self.experimentID = experimentID
        self.name = name
        self.digest = digest
        self.context = context
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
