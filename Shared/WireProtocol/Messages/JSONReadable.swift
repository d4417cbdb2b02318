/// A message that can be read from JSON: the counterpart of `JSONWritable`.
///
/// Unknown members are ignored, and missing ones have protobuf's defaults: empty, zero or `nil`.
package protocol JSONReadable: Sendable {
    init(json: JSONValue) throws(MessageError)
}

/// The error for JSON that isn't the expected message, such as the response of a different program.
package struct MessageError: Error, CustomStringConvertible {
    package let description: String

    /// - Parameters:
    ///   - type: the expected message.
    ///   - reason: what is wrong with the JSON.
    package init<Message>(_ type: Message.Type, _ reason: ErrorMessage) {
        description = "not a message of the type \(type): \(reason)"
    }
}
