internal import JSON
internal import SafeText

// Providers' errors may quote the gateway's own request, including its key, or expose internals of the provider's programs.

extension GatewayError {
    /// The error as clients, the log and traces may see it.
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

/// The redacted description of an error.
private struct RedactedCause: Error, CustomStringConvertible {
    var description: String
}

/// Errors inside answers that otherwise pass unchanged: a failed response's `error` in OpenAI's Responses API, a choice's `error`.
enum PassedErrors {
    private static let name: [UInt8] = Array(#""error""#.utf8)

    /// Redacts the errors in an answer, or in an event's data. Nothing else changes; without an error, every byte stays the same.
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

    /// Whether any member named `error`, at any depth, isn't `null`. Most answers have none, so they needn't be parsed.
    private static func mayHaveError(_ answer: [UInt8]) -> Bool {
        answer.withUnsafeBytes { bytes in
            // Horspool's algorithm: the last byte of the window says how far to move it.
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

    /// How far each byte lets the window move: its distance from the end of the name, ignoring the last byte.
    private static let steps: [Int] = {
        var steps = Array(repeating: name.count, count: 256)
        for (index, byte) in name.dropLast().enumerated() { steps[Int(byte)] = name.count - 1 - index }
        return steps
    }()
}
