internal import Primitives

/// Secrets with known values, such as those in the configuration, which are found in any encoding.
struct KnownSecrets: Sendable {
    /// The secrets, unencoded.
    private var values: Set<String> = []
    private var matcher = SecretMatcher()

    /// The minimum length in bytes of a secret's beginning at the end of a truncated text: fewer bytes may match by chance.
    private static let minimumFragment = 8
    /// The maximum number of bytes of an escaped character, in as many layers as occur in practice.
    private static let maxEscapedCharacterBytes = 12

    var isEmpty: Bool { matcher.isEmpty }

    /// - Parameter minimumLength: the minimum length in bytes; shorter values are ignored.
    mutating func add(_ new: some Sequence<String>, minimumLength: Int) {
        let known = values.count
        for secret in new where secret.utf8.count >= minimumLength {
            values.formUnion(Self.forms(of: secret).filter { $0.utf8.count >= minimumLength })
        }
        guard values.count > known else { return }
        matcher = SecretMatcher(values.lazy.map { Array($0.utf8) })
    }

    /// A secret and its unescaped forms: unescaping the surrounding text also unescapes parts of a secret that look like escape sequences.
    private static func forms(of secret: String) -> [String] {
        var forms = [secret]
        // As in a query string.
        if secret.contains(" ") { forms.append(secret.replacing(" ", with: "+")) }
        forms += encodings(of: Array(secret.utf8))
        var layer = Unescaped(Array(secret.utf8))
        while let current = layer {
            forms.append(String(decoding: current.bytes, as: UTF8.self))
            layer = current.next
        }
        return forms
    }

    /// A secret in hexadecimal, and in base64 at any offset of the encoded text, such as after a user name.
    private static func encodings(of secret: [UInt8]) -> [String] {
        guard secret.count >= minimumFragment else { return [] }
        let hexadecimal = Hex.encode(secret)
        let base64 = (0..<3).flatMap { before -> [String] in
            let text = Base64.encode(Array(repeating: 0, count: before) + secret)
            // Only the characters that don't depend on the bytes before and after the secret.
            let whole = String(text.prefix((before + secret.count) * 8 / 6).dropFirst((before * 8 + 5) / 6))
            return [whole, whole.replacing("+", with: "-").replacing("/", with: "_")]
        }
        return [hexadecimal, hexadecimal.uppercased()] + base64
    }

    /// The ranges of the secrets in a text.
    ///
    /// - Parameter isCut: whether the text is truncated, so that the last bytes may be the beginning of a secret.
    func ranges(in text: [UInt8], isCut: Bool) -> [Range<Int>] {
        guard !isEmpty else { return [] }
        let overlap = matcher.maximumLength * Self.maxEscapedCharacterBytes
        return EscapeLayers.ranges(in: text, overlap: overlap) { layer in
            matcher.ranges(in: layer, minimumFragment: isCut ? 1 : Self.minimumFragment)
        }
    }
}
