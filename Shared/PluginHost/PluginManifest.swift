internal import Foundation
internal import JSON

/// The reason why a plugin was rejected.
package struct PluginError: Error, Equatable, CustomStringConvertible {
    package var description: String

    init(_ reason: String) {
        description = reason
    }
}

/// A plugin's manifest, which is read before its library is loaded: see `unladen_plugin.h`.
package struct PluginManifest: Sendable, Equatable {
    /// The suffix of a manifest's file name.
    static let fileNameSuffix = ".plugin.json"
    /// The maximum size of a manifest in bytes.
    private static let sizeLimit = 64 << 10

    package var kind: String
    package var name: String
    package var version: String
    package var abi: Int64
    /// The path of the library.
    package var library: String
    /// The path of the self-test, if there is one.
    package var vectors: String?

    /// Reads and checks a manifest.
    init(path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let data = try PluginFile.read(path, limit: Self.sizeLimit)
        let json: JSONValue
        do { json = try JSONValue(parsing: data) } catch { throw PluginError("the manifest is not valid JSON: \(error)") }
        func text(_ key: String) throws -> String {
            guard let text = json[key]?.stringValue, !text.isEmpty else {
                throw PluginError("the manifest's '\(key)' must be a non-empty string")
            }
            return text
        }
        func file(_ key: String) throws -> String {
            let name = try text(key)
            guard !name.contains("/"), !name.contains("\0"), name != ".." else {
                throw PluginError("the manifest's '\(key)' must be a file name, not a path")
            }
            return name
        }
        kind = try text("kind")
        name = try text("name")
        guard name.utf8.allSatisfy({ "-_".utf8.contains($0) || Character(Unicode.Scalar($0)).isASCIIAlphanumeric }) else {
            throw PluginError("the manifest's 'name' may contain only ASCII letters, digits, '-' and '_'")
        }
        version = try text("version")
        guard case .integer(let abi)? = json["abi"] else { throw PluginError("the manifest's 'abi' must be an integer") }
        self.abi = abi
        let libraryName = try file("library")
        let candidates = [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent(libraryName).path }
        guard let library = candidates.first(where: FileManager.default.fileExists(atPath:)) else {
            throw PluginError("the library \(libraryName) is neither in the manifest's directory nor in its parent directory")
        }
        self.library = library
        vectors = json["vectors"] == nil ? nil : folder.appendingPathComponent(try file("vectors")).path
    }

    /// The paths of the manifests in a directory and in its direct subdirectories, each sorted by name.
    static func paths(in folder: String) -> [String] {
        let files = FileManager.default
        func children(_ path: String) -> [String] {
            ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted().map { path + "/" + $0 }
        }
        let here = children(folder)
        let below = here.filter { entry in
            var isFolder: ObjCBool = false
            return files.fileExists(atPath: entry, isDirectory: &isFolder) && isFolder.boolValue
        }
        return (here + below.flatMap(children)).filter { $0.hasSuffix(fileNameSuffix) }
    }
}

extension Character {
    fileprivate var isASCIIAlphanumeric: Bool { isASCII && (isLetter || isNumber) }
}
