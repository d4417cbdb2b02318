/// A dataset as recorded by runs: a name, a digest and a description, but not the data.
package struct Dataset: Hashable, ProtobufMessage, JSONWritable {
    package var name: String
    package var digest: String
    package var sourceType: String
    package var source: String
    package var schema: String?
    package var profile: String?

    package init(name: String, digest: String, sourceType: String, source: String, schema: String?, profile: String?) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
    }

    package init(_ fields: MessageFields) throws {
        name = try fields.string("name") ?? ""
        digest = try fields.string("digest") ?? ""
        sourceType = try fields.string("source_type") ?? ""
        source = try fields.string("source") ?? ""
        schema = try fields.nonEmptyString("schema")
        profile = try fields.nonEmptyString("profile")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("name", name)
            json.field("digest", digest)
            json.field("source_type", sourceType)
            json.field("source", source)
            json.field("schema", schema)
            json.field("profile", profile)
        }
    }
}
