/// A sort key of a search for logged models: an attribute, or a metric as `metrics.NAME`.
package struct LoggedModelOrderBy: Hashable, ProtobufMessage, JSONWritable {
    package var fieldName: String
    package var ascending: Bool
    /// For a metric, the dataset whose points count.
    package var datasetName: String?
    package var datasetDigest: String?

    package init(fieldName: String, ascending: Bool = true, datasetName: String? = nil, datasetDigest: String? = nil) {
        self.fieldName = fieldName
        self.ascending = ascending
        self.datasetName = datasetName
        self.datasetDigest = datasetDigest
    }

    package init(_ fields: MessageFields) throws {
        fieldName = try fields.string("field_name") ?? ""
        ascending = try fields.bool("ascending") ?? true
        datasetName = try fields.nonEmptyString("dataset_name")
        datasetDigest = try fields.nonEmptyString("dataset_digest")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("field_name", fieldName)
            json.field("ascending", ascending)
            json.field("dataset_name", datasetName)
            json.field("dataset_digest", datasetDigest)
        }
    }
}
