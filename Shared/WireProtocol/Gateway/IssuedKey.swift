/// A newly created key, with its secret: this is the only time that the secret is shown.
package struct IssuedKey: ProtobufMessage, JSONWritable {
    package var key: String
    package var entry: VirtualKey

    package init(key: String, entry: VirtualKey) {
        self.key = key
        self.entry = entry
    }

    package init(_ fields: MessageFields) throws {
        key = try fields.string("key") ?? ""
        entry = try fields.message("entry") ?? VirtualKey(MessageFields(JSONObject()))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("key", key)
            json.field("entry", entry)
        }
    }
}
