/// A sort key of a search for logged models: an attribute, or a metric as `metrics.NAME`.
package struct LoggedModelOrderBy: Sendable, Hashable, RequestMessage {
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

    package init(_ fields: RequestFields) throws {
        fieldName = try fields.string("field_name") ?? ""
        ascending = try fields.bool("ascending") ?? true
        datasetName = try fields.nonEmptyString("dataset_name")
        datasetDigest = try fields.nonEmptyString("dataset_digest")
    }
}

/// A dataset to which the metrics in a search for logged models must belong.
package struct LoggedModelDatasetFilter: Sendable, Hashable, RequestMessage {
    package var name: String
    /// `nil` matches any digest.
    package var digest: String?

    package init(name: String, digest: String? = nil) {
        self.name = name
        self.digest = digest
    }

    package init(_ fields: RequestFields) throws {
        name = try fields.string("dataset_name") ?? ""
        digest = try fields.nonEmptyString("dataset_digest")
    }
}
