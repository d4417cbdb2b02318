/// What a search for logged models is sorted by: an attribute, or a metric as `metrics.NAME`.
package struct LoggedModelOrderBy: Sendable, Hashable, RequestMessage {
    package var fieldName: String
    package var ascending: Bool
    /// With a metric, only its points on this data set count.
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

/// A data set that the metrics of a search for logged models must belong to.
package struct LoggedModelDatasetFilter: Sendable, Hashable, RequestMessage {
    package var name: String
    /// `nil` for any.
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
