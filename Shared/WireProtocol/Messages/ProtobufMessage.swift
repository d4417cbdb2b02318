/// A message that is read by protobuf's JSON mapping, as are all of MLflow's. Its fields have the rules of `MessageFields`.
package protocol ProtobufMessage: JSONReadable {
    /// - Throws: `ServiceError` with MLflow's text for a field of the wrong type.
    init(_ fields: MessageFields) throws
}

extension ProtobufMessage {
    package init(json: JSONValue) throws(MessageError) {
        self = try MessageFields.read(Self.self, json) { try Self($0) }
    }
}

extension MessageFields {
    /// Reads a message from the JSON object of a response.
    static func read<Message>(_ type: Message.Type, _ json: JSONValue, _ body: (MessageFields) throws -> Message) throws(MessageError)
        -> Message
    {
        guard case .object(let object) = json else { throw MessageError(type, "It must be a JSON object.") }
        do {
            return try body(MessageFields(object, from: .response))
        } catch {
            throw MessageError(type, "\(error)")
        }
    }
}
