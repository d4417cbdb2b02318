/// A tag or param of an experiment, a run, a model or a dataset: `{"key": …, "value": …}`.
package struct KeyValue: Hashable, ProtobufMessage, JSONWritable {
    package var key: String
    package var value: String

    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }

    package init(_ fields: MessageFields) throws {
        key = try fields.string("key") ?? ""
        value = try fields.string("value") ?? ""
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("value", value)
        }
    }
}
