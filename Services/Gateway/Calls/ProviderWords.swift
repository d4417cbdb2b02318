internal import Glibc
internal import JSON
internal import SafeText

// What providers say of their errors may quote the gateway's own request, with its key, or show the inside of their programs.

extension GatewayError {
    /// The error as it may leave: for clients, the log and traces.
    func redacted(by redaction: Redaction) -> GatewayError {
        var error = self
        error.message = redaction.redacted(error: message)
        error.type = redaction.redacted(error: type)
        error.code = code.map { redaction.redacted(error: $0) }
        error.param = param.map { redaction.redacted(error: $0) }
        error.detail = detail.map { redaction.redacted(error: $0) }
        error.cause = cause.map { RedactedCause(description: redaction.redacted(error: "\($0)")) }
        return error
    }
}

/// An error of which only the words are left, without what is secret in them.
private struct RedactedCause: Error, CustomStringConvertible {
    var description: String
}

/// Errors within answers that pass as they came: of a response that has failed (OpenAI's `error`), of a choice.
enum PassedErrors {
    private static let name: [UInt8] = Array(#""error""#.utf8)

    /// The answer, or an event's data, without what is secret in its errors. Nothing else in it changes, and without an error not a byte.
    static func redacted(_ answer: [UInt8], by redaction: Redaction) -> [UInt8] {
        guard mayHaveError(answer), let json = try? JSONValue(parsing: answer), case .object(let object) = json else { return answer }
        let redacted = JSONValue.object(withoutSecrets(object, redaction))
        return redacted == json ? answer : redacted.jsonBytes()
    }

    private static func withoutSecrets(_ object: JSONObject, _ redaction: Redaction) -> JSONObject {
        JSONObject(
            object.members.map { member in
                switch (member.name, member.value) {
                case ("error", let error): .init(name: member.name, value: redaction.redacted(error: error))
                case ("response", .object(let response)):
                    .init(name: member.name, value: .object(withoutSecrets(response, redaction)))
                case ("choices", .array(let choices)):
                    .init(
                        name: member.name,
                        value: .array(choices.map { $0.objectValue.map { .object(withoutSecrets($0, redaction)) } ?? $0 }))
                default: member
                }
            })
    }

    /// Whether a member of that name, somewhere, has a value: most answers have none, or `null`.
    private static func mayHaveError(_ answer: [UInt8]) -> Bool {
        answer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            var start = 0
            while start < bytes.count, let found = memmem(base + start, bytes.count - start, name, name.count) {
                start = base.distance(to: UnsafeRawPointer(found)) + name.count
                let value = bytes[start...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }.prefix(4)
                if !value.elementsEqual("null".utf8) { return true }
            }
            return false
        }
    }
}
