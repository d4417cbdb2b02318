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
    private static let name = BytePattern(#""error""#)

    /// Redacts the errors in an answer, or in an event's data. Nothing else changes; without an error, every byte stays the same.
    static func redacted(_ answer: [UInt8], by redaction: Redaction) -> [UInt8] {
        guard mayHaveError(answer) else { return answer }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: answer, limits: .answers)
        } catch {
            // Where its errors are can't be found out, so what is known to be secret goes from all of it.
            return error.limit == nil ? answer : withoutSecrets(answer, redaction)
        }
        guard case .object(let object) = json else { return answer }
        let redacted = JSONValue.object(withoutSecrets(object, redaction))
        return redacted == json ? answer : redacted.jsonBytes()
    }

    private static func withoutSecrets(_ answer: [UInt8], _ redaction: Redaction) -> [UInt8] {
        redaction.secrets.reduce(answer) { answer, secret in BytePattern(secret).replaced(in: answer, with: Redaction.mark) }
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
            var start = 0
            while let found = name.range(in: bytes, from: start) {
                let value = bytes[found.upperBound...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
                if !value.starts(with: "null".utf8) { return true }
                start = found.upperBound
            }
            return false
        }
    }
}
