internal import Foundation
internal import JSON

/// Reads the members of a manifest. Each function throws a `PluginError` that names the invalid member.
struct PluginManifestReader {
    let members: JSONObject
    private let directory: URL

    /// Reads a manifest of at most `sizeLimit` bytes.
    init(path: String, sizeLimit: Int) throws {
        let bytes = try PluginFile.read(path, limit: sizeLimit)
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw PluginError("the manifest is not valid JSON: \(error)") }
        guard let members = json.objectValue else { throw PluginError("the manifest is not a JSON object") }
        self.init(path: path, members: members)
    }

    /// Uses the members of the manifest at `path`.
    init(path: String, members: JSONObject) {
        self.members = members
        directory = URL(fileURLWithPath: path).deletingLastPathComponent()
    }

    /// A required string that is not empty.
    func string(_ key: String) throws -> String {
        guard let string = members[key]?.stringValue, !string.isEmpty else {
            throw PluginError("the manifest's '\(key)' must be a non-empty string")
        }
        return string
    }

    /// A required integer.
    func integer(_ key: String) throws -> Int64 {
        guard case .integer(let integer)? = members[key] else { throw PluginError("the manifest's '\(key)' must be an integer") }
        return integer
    }

    /// The path of a required library in the manifest's directory or, if it isn't there, in the parent directory.
    func library(_ key: String) throws -> String {
        let name = try fileName(key)
        let candidates = [directory, directory.deletingLastPathComponent()].map { $0.appendingPathComponent(name).path }
        guard let library = candidates.first(where: FileManager.default.fileExists(atPath:)) else {
            throw PluginError("the library \(name) is neither in the manifest's directory nor in its parent directory")
        }
        return library
    }

    /// The path of an optional file in the manifest's directory.
    func siblingFile(_ key: String) throws -> String? {
        members[key] == nil ? nil : directory.appendingPathComponent(try fileName(key)).path
    }

    private func fileName(_ key: String) throws -> String {
        let name = try string(key)
        // By bytes, like the file system: a character may be a slash with a combining mark.
        guard !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0), name != "..", name != "." else {
            throw PluginError("the manifest's '\(key)' must be a file name, not a path")
        }
        return name
    }
}
