/// A message that is read by protobuf's JSON mapping, as are all of MLflow's. Its fields have the rules of `RequestFields`.
package protocol ProtobufMessage: JSONReadable {
    /// - Throws: `ServiceError` with MLflow's text for a field of the wrong type.
    init(_ fields: RequestFields) throws
}

extension ProtobufMessage {
    package init(json: JSONValue) throws(MessageError) {
        guard case .object(let object) = json else { throw MessageError(Self.self, "It must be a JSON object.") }
        do {
            try self.init(RequestFields(object))
        } catch {
            throw MessageError(Self.self, "\(error)")
        }
    }
}
