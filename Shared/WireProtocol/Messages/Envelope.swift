/// A JSON object with a single member.
package struct Envelope<Content: JSONWritable & Sendable>: JSONWritable, Sendable {
    private let name: StaticString
    package let content: Content

    package init(_ name: StaticString, _ content: Content) {
        self.name = name
        self.content = content
    }

    package func write(to json: inout JSONWriter) {
        json.object { $0.field(name, content) }
    }
}

extension Envelope where Content: ProtobufMessage {
    /// - Throws: `MessageError` also if the member is absent.
    package init(_ name: StaticString, json: JSONValue) throws(MessageError) {
        self = try MessageFields.read(Self.self, json) { fields in
            guard let content: Content = try fields.message("\(name)") else { throw MessageFields.missing("\(name)") }
            return Self(name, content)
        }
    }
}
