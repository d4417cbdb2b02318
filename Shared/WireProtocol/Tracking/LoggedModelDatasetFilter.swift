/// A dataset to which the metrics in a search for logged models must belong.
package struct LoggedModelDatasetFilter: Hashable, ProtobufMessage, JSONWritable {
    package var name: String
    /// `nil` matches any digest.
    package var digest: String?

    package init(name: String, digest: String? = nil) {
        self.name = name
        self.digest = digest
    }

    package init(_ fields: MessageFields) throws {
        name = try fields.string("dataset_name") ?? ""
        digest = try fields.nonEmptyString("dataset_digest")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("dataset_name", name)
            json.field("dataset_digest", digest)
        }
    }
}
