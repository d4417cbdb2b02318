/// A list of keys.
package enum ListKeys {
    /// All keys, newest first.
    package struct Response: ProtobufMessage, JSONWritable {
        package var keys: [VirtualKey]

        package init(keys: [VirtualKey]) { self.keys = keys }

        package init(_ fields: MessageFields) throws { keys = try fields.messages("keys") }

        package func write(to json: inout JSONWriter) { json.object { $0.list("keys", keys) } }
    }
}
