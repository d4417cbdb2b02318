package import WireProtocol

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
