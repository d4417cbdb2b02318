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
            // Horspool's search: the last byte of the place that is looked at tells how far to go on.
            var last = name.count - 1
            while last < bytes.count {
                let end = last + 1
                if bytes[last] == UInt8(ascii: "\""), bytes[(end - name.count)..<end].elementsEqual(name) {
                    let value = bytes[end...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
                    if !value.starts(with: "null".utf8) { return true }
                }
                last += steps[Int(bytes[last])]
            }
            return false
        }
    }

    /// For each byte, how far it is from the end of the name; the last byte counts as its first does.
    private static let steps: [Int] = {
        var steps = Array(repeating: name.count, count: 256)
        for (index, byte) in name.dropLast().enumerated() { steps[Int(byte)] = name.count - 1 - index }
        return steps
    }()
}
