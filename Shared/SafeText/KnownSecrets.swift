internal import Foundation

/// Secrets whose values are known, such as those of the configuration: they go wherever they stand, however they are written.
struct KnownSecrets: Sendable {
    /// As they were added.
    private var values: Set<String> = []
    private var matcher = SecretMatcher()

    /// What is left at the end of a text that somebody else has cut: fewer bytes may be there by chance.
    private static let minimumFragment = 8
    /// A character takes no more bytes when it is written in another way, in as many layers as there are in practice.
    private static let maxEscapedCharacterBytes = 12

    var isEmpty: Bool { matcher.isEmpty }

    /// - Parameter minimumLength: in bytes; shorter values are ignored.
    mutating func add(_ new: some Sequence<String>, minimumLength: Int) {
        let known = values.count
        for secret in new where secret.utf8.count >= minimumLength {
            values.formUnion(Self.forms(of: secret).filter { $0.utf8.count >= minimumLength })
        }
        guard values.count > known else { return }
        matcher = SecretMatcher(values.lazy.map { Array($0.utf8) })
    }

    /// A secret and what becomes of it when the escapes of the text around it are undone: it may look like an escape itself.
    private static func forms(of secret: String) -> [String] {
        var forms = [secret]
        // As in the query of a URL.
        if secret.contains(" ") { forms.append(secret.replacing(" ", with: "+")) }
        forms += encodings(of: Array(secret.utf8))
        var layer = Unescaped(Array(secret.utf8))
        while let current = layer {
            forms.append(String(decoding: current.bytes, as: UTF8.self))
            layer = current.next
        }
        return forms
    }

    /// A secret in hexadecimal, and in base64 wherever it stands in what is encoded, such as a user and a password.
    private static func encodings(of secret: [UInt8]) -> [String] {
        guard secret.count >= minimumFragment else { return [] }
        let hexadecimal = secret.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let base64 = (0..<3).flatMap { before -> [String] in
            let text = Data(Array(repeating: 0, count: before) + secret).base64EncodedString()
            // Only the characters that have nothing of what stands before and after it.
            let whole = String(text.prefix((before + secret.count) * 8 / 6).dropFirst((before * 8 + 5) / 6))
            return [whole, whole.replacing("+", with: "-").replacing("/", with: "_")]
        }
        return [hexadecimal, hexadecimal.uppercased()] + base64
    }

    /// Where they stand in a text.
    ///
    /// - Parameter isCut: whether the text goes on, so that the last bytes may be the beginning of a secret.
    func ranges(in text: [UInt8], isCut: Bool) -> [Range<Int>] {
        guard !isEmpty else { return [] }
        let overlap = matcher.maximumLength * Self.maxEscapedCharacterBytes
        return EscapeLayers.ranges(in: text, overlap: overlap) { layer in
            matcher.ranges(in: layer, minimumFragment: isCut ? 1 : Self.minimumFragment)
        }
    }
}
