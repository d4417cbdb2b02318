internal import Foundation
package import JSON

/// A plugin's manifest, which is read before its library is loaded: see `unladen_plugin.h`.
package struct PluginManifest: Sendable, Equatable {
    /// The path of the manifest.
    package let path: String
    package let name: String
    package let version: String
    /// The version of the interface that the plugin was built for.
    package let abi: Int64
    /// The path of the library.
    package let library: String
    /// The path of the self-test, if there is one.
    package let vectors: String?
    /// All members of the manifest, including those that only the kind of the plugin defines.
    package let members: JSONObject

    /// The suffix of a manifest's file name.
    private static let fileNameSuffix = ".plugin.json"
    /// The maximum size of a manifest in bytes.
    private static let sizeLimit = 64 << 10

    /// Reads and checks a manifest. Returns `nil` if it belongs to a plugin of another kind.
    ///
    /// - Throws: `PluginError` if the manifest is invalid or may not be trusted.
    init?(path: String, kind: String) throws {
        let reader = try PluginManifestReader(path: path, sizeLimit: Self.sizeLimit)
        guard try reader.string("kind") == kind else { return nil }
        self.path = path
        name = try reader.string("name")
        guard name.utf8.allSatisfy(Self.isAllowedInName) else {
            throw PluginError("the manifest's 'name' may contain only ASCII letters, digits, '-' and '_'")
        }
        version = try reader.string("version")
        abi = try reader.integer("abi")
        library = try reader.library("library")
        vectors = try reader.siblingFile("vectors")
        members = reader.members
    }

    /// The path of another file that comes with the plugin; `nil` if the manifest doesn't name it.
    ///
    /// - Parameter key: the member of the manifest with the name of the file, which is in the manifest's directory.
    /// - Throws: `PluginError` if the member is not a file name.
    package func file(_ key: String) throws -> String? {
        try PluginManifestReader(path: path, members: members).siblingFile(key)
    }

    private static func isAllowedInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The paths of the manifests in a directory and in its direct subdirectories, each sorted by name.
    static func paths(in directory: String) -> [String] {
        let files = FileManager.default
        func children(_ path: String) -> [String] {
            ((try? files.contentsOfDirectory(atPath: path)) ?? []).sorted().map { path + "/" + $0 }
        }
        let here = children(directory)
        let below = here.filter { entry in
            var isDirectory: ObjCBool = false
            return files.fileExists(atPath: entry, isDirectory: &isDirectory) && isDirectory.boolValue
        }
        return (here + below.flatMap(children)).filter { $0.hasSuffix(fileNameSuffix) }
    }
}
