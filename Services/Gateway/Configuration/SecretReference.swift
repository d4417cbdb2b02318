internal import Foundation
internal import ServiceKit

/// Why a secret isn't there.
struct MissingSecret: Error {
    var message: String
}

/// What a secret's value in a configuration may be, as in MLflow's gateway: `$NAME` for a variable of the environment, the path
/// of a file that holds it, or the secret itself.
enum SecretReference {
    /// A key is a line; a service account's key a page.
    private static let sizeLimit = 1 << 20

    static func resolve(_ text: String) throws(MissingSecret) -> String {
        if text.hasPrefix("$") {
            let name = String(text.dropFirst())
            // What is no name of a variable may be a secret that begins like one.
            guard name.wholeMatch(of: #/[A-Za-z0-9_]+/#) != nil else { throw MissingSecret(message: "what follows the $ is not a variable name") }
            guard let value = Environment[name] else { throw MissingSecret(message: "the environment has no variable \(name)") }
            return value
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isDirectory) else {
            // A path that is sent to the provider as a key would be a puzzle there, and tell of this machine.
            if isPath(text) { throw MissingSecret(message: "there is no file \(text)") }
            return text
        }
        guard !isDirectory.boolValue else {
            if isPath(text) { throw MissingSecret(message: "\(text) is a folder, not a file") }
            return text
        }
        guard let data = FileManager.default.contents(atPath: text), data.count <= sizeLimit else {
            throw MissingSecret(message: "the file \(text) can't be read")
        }
        // Editors and `echo` put a line break at a file's end that belongs to no key.
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Whether a text can only be meant as a path. A key can begin with a slash and have more of them, as those of AWS do, so a text that
    /// does is a path only if its first folder is there.
    private static func isPath(_ text: String) -> Bool {
        if text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("~/") { return true }
        guard text.hasPrefix("/") else { return false }
        let first = text.dropFirst().prefix { $0 != "/" }
        return !first.isEmpty && FileManager.default.fileExists(atPath: "/" + first)
    }
}
