internal import Foundation
internal import JSON

/// Why a plugin was refused.
package struct PluginError: Error, Equatable, CustomStringConvertible {
    package var description: String

    init(_ reason: String) {
        description = reason
    }
}

/// What stands beside a plugin's library and is read before it is loaded: see `unladen_plugin.h`.
package struct PluginManifest: Sendable, Equatable {
    /// How a manifest's file name ends.
    static let fileEnding = ".plugin.json"
    /// A manifest is a few lines; a file of another kind isn't read to its end.
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
        do { json = try JSONValue(parsing: data) } catch { throw PluginError("the manifest is not JSON: \(error)") }
        func text(_ key: String) throws -> String {
            guard let text = json[key]?.stringValue, !text.isEmpty else { throw PluginError("the manifest's '\(key)' must be a text") }
            return text
        }
        func file(_ key: String) throws -> String {
            let name = try text(key)
            guard !name.contains("/"), !name.contains("\0"), name != ".." else {
                throw PluginError("the manifest's '\(key)' must be a file name, and not a path")
            }
            return name
        }
        kind = try text("kind")
        name = try text("name")
        guard name.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || Character(Unicode.Scalar($0)).isASCIIAlphanumeric }) else {
            throw PluginError("the manifest's 'name' may have letters, digits, '-' and '_' only")
        }
        version = try text("version")
        guard case .integer(let abi)? = json["abi"] else { throw PluginError("the manifest's 'abi' must be a whole number") }
        self.abi = abi
        let libraryName = try file("library")
        let candidates = [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent(libraryName).path }
        guard let library = candidates.first(where: FileManager.default.fileExists(atPath:)) else {
            throw PluginError("the library \(libraryName) is neither beside the manifest nor in the folder above")
        }
        self.library = library
        vectors = json["vectors"] == nil ? nil : folder.appendingPathComponent(try file("vectors")).path
    }

    /// The manifests in a folder and in the folders directly below it, in the order of their paths.
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
        return (here + below.flatMap(children)).filter { $0.hasSuffix(fileEnding) }
    }
}

extension Character {
    fileprivate var isASCIIAlphanumeric: Bool { isASCII && (isLetter || isNumber) }
}
