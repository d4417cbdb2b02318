import Foundation

/// The targets of the package and their dependencies, from `swift package dump-package`.
struct PackageGraph: Sendable {
    struct Target: Sendable {
        var name: String
        /// Its directory in the repository.
        var path: String
        var isExecutable: Bool
        /// The names of its dependencies in this package.
        var dependencies: [String]

        /// The service that it belongs to: the name of its directory in `Services/`.
        var service: String? { directory(below: "Services") }

        var isShared: Bool { directory(below: "Shared") != nil }

        private func directory(below top: String) -> String? {
            let parts = path.split(separator: "/")
            return parts.count > 1 && parts[0] == top ? String(parts[1]) : nil
        }
    }

    var targets: [Target]

    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    /// The names of the targets in this package that are linked into a program that depends on a target, including itself.
    func linked(by name: String) -> Set<String> {
        var linked: Set<String> = []
        var open = [name]
        while let name = open.popLast() {
            guard let target = self[name], linked.insert(name).inserted else { continue }
            open += target.dependencies
        }
        return linked
    }

    /// Loads the package's manifest.
    static func load() throws -> PackageGraph {
        let scratch = NSTemporaryDirectory() + "/unladen-architecture-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // `swift test` locks the build directory, so this command uses its own.
        process.arguments = ["swift", "package", "--package-path", repository.path, "--scratch-path", scratch, "dump-package"]
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let manifest = try JSONDecoder().decode(Manifest.self, from: text)
        let names = Set(manifest.targets.map(\.name))
        return PackageGraph(
            targets: manifest.targets.map { target in
                Target(
                    name: target.name, path: target.path ?? "", isExecutable: target.type == "executable",
                    dependencies: target.dependencies.compactMap(\.name).filter(names.contains))
            })
    }
}

/// The used part of the output of `dump-package`.
private struct Manifest: Decodable {
    struct Target: Decodable {
        var name: String
        var path: String?
        var type: String
        var dependencies: [Dependency]
    }

    /// An object with one member, `target`, `byName` or `product`, whose value is an array that starts with a name.
    struct Dependency: Decodable {
        var name: String?

        private enum Keys: CodingKey {
            case target, byName
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            for key in container.allKeys {
                var list = try container.nestedUnkeyedContainer(forKey: key)
                name = try list.decode(String.self)
            }
        }
    }

    var targets: [Target]
}
