internal import Foundation
internal import ServiceKit

/// A secret that can't be resolved.
struct MissingSecret: Error {
    var message: String
}

/// Resolves a secret's value in a configuration as MLflow's gateway does: `$NAME` is an environment variable, the path of a file
/// is replaced by its contents, and anything else is the secret itself.
enum SecretReference {
    /// Bytes of a file.
    private static let sizeLimit = 1 << 20

    /// Returns the secret.
    static func resolve(_ text: String) throws(MissingSecret) -> String {
        if text.hasPrefix("$") {
            let name = String(text.dropFirst())
            // The message must not quote what follows the $, which may be a secret.
            guard name.wholeMatch(of: #/[A-Za-z0-9_]+/#) != nil else {
                throw MissingSecret(message: "$ must be followed by the name of an environment variable")
            }
            guard let value = Environment[name] else { throw MissingSecret(message: "the environment variable \(name) is not set") }
            return value
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory) else {
            // If the path were sent to the provider as a key, the provider's error would be puzzling, and would disclose the path.
            if isPath(text) { throw MissingSecret(message: "the file \(text) doesn't exist") }
            return text
        }
        guard !isDirectory.boolValue else {
            if isPath(text) { throw MissingSecret(message: "\(text) is a directory, not a file") }
            return text
        }
        guard let data = FileManager.default.contents(atPath: text), data.count <= sizeLimit else {
            throw MissingSecret(message: "the file \(text) can't be read")
        }
        // Editors and `echo` end a file with a line break, which isn't part of the key.
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Whether a string is unambiguously a path. Keys may begin with a slash and contain others, as those of AWS do, so such a
    /// string is a path only if its first directory exists.
    private static func isPath(_ text: String) -> Bool {
        if text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("~/") { return true }
        guard text.hasPrefix("/") else { return false }
        let first = text.dropFirst().prefix { $0 != "/" }
        return !first.isEmpty && FileManager.default.fileExists(atPath: "/" + first)
    }
}
