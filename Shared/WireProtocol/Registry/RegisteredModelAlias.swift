/// A user-defined name of a model version, such as `champion`.
package struct RegisteredModelAlias: Equatable, ProtobufMessage, JSONWritable {
    package var alias: String
    package var version: Int64

    package init(alias: String, version: Int64) {
        self.alias = alias
        self.version = version
    }

    package init(_ fields: MessageFields) throws {
        alias = try fields.string("alias") ?? ""
        version = try fields.integer("version") ?? 0
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("alias", alias)
            json.field("version", String(version))
        }
    }
}
