/// Finds the values of secret names in text of any format: JSON and Python literals, strings that contain JSON, headers, variables, XML,
/// URL parameters, and curl's arguments.
///
/// Scans the bytes once. Regular expressions aren't safe here: ICU gives up on long values, which would then remain.
struct NamedSecrets {
    /// The secret names in lower case, see ``SecretNames``.
    let keys: Set<String>

    /// Replaces each secret value with the placeholder.
    func redacted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var copied = 0
        var index = 0
        while index < bytes.count {
            if Self.isSeparator(bytes[index]), let value = SecretScanner(bytes: bytes, separator: index, keys: keys).value,
                value.lowerBound >= copied
            {
                redacted += bytes[copied..<value.lowerBound]
                redacted += Array(Redaction.placeholder.utf8)
                copied = value.upperBound
                index = max(value.upperBound, index + 1)
            } else {
                index += 1
            }
        }
        return copied == 0 ? text : String(decoding: redacted + bytes[copied...], as: UTF8.self)
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ">")
    }
}
