import Foundation
import Testing

/// The rules for dependencies between the modules of the package.
@Suite struct ArchitectureTests {
    private static let loaded = Result { try PackageGraph.load() }

    let graph: PackageGraph

    init() throws {
        graph = try Self.loaded.get()
        // The tests below would pass for an empty package graph.
        #expect(graph["WireProtocol"]?.isShared == true)
        #expect(graph["Tracking"]?.service == "Tracking")
    }

    @Test func `A service depends on its own modules and Shared, and on no other service`() {
        for target in graph.targets {
            guard let service = target.service else { continue }
            for name in target.dependencies {
                let dependency = graph[name]
                #expect(dependency?.isShared == true || dependency?.service == service, "\(target.name) → \(name)")
            }
        }
    }

    @Test func `Shared depends on nothing outside Shared`() {
        for target in graph.targets where target.isShared {
            for name in target.dependencies { #expect(graph[name]?.isShared == true, "\(target.name) → \(name)") }
        }
    }

    @Test(arguments: [
        ("WireProtocol", ["JSON", "Primitives"]), ("JSON", []), ("Primitives", []), ("PluginABI", []), ("Hashing", ["CLibCrypto"]),
        ("SignatureV4", ["Hashing", "Primitives"]),
    ])
    func `Base modules depend on no module of ours except JSON and Primitives`(name: String, known: [String]) {
        #expect(graph[name]?.dependencies == known)
    }

    /// The layers below the services, from the lowest. A layer depends only on lower ones.
    private static let layers = ["WireProtocol", "HTTPServer", "ServiceKit", "ServiceDatabase", "MLflowAPI"]

    @Test func `The layers of the shared code depend only on lower ones`() throws {
        for (index, name) in Self.layers.enumerated() {
            let known = try #require(graph[name]).dependencies
            #expect(Set(known).isDisjoint(with: Self.layers[index...]), "\(name) → \(known)")
        }
        #expect(graph["MLflowAPI"]?.dependencies.contains("ServiceDatabase") == false)
    }

    @Test(arguments: [
        // Databases and MLflow's API are above the kit of all services.
        ("ServiceKit", ["Database", "SearchFilter"]), ("ServiceDatabase", ["SearchFilter"]),
        ("MLflowAPI", ["SQLiteDatabase", "PostgreSQLDatabase"]),
        // Child processes have nothing to do with HTTP.
        ("ProcessKit", ["WireProtocol", "HTTPServer", "ServiceKit"]),
        ("unladen", ["Database", "SearchFilter", "CSQLite", "CLibPQ"]), ("Gateway", ["SearchFilter"]),
    ])
    func `A module doesn't link what belongs to other layers`(name: String, foreign: [String]) {
        let linked = graph.linked(by: name)
        #expect(!linked.isEmpty)
        #expect(linked.isDisjoint(with: foreign), "\(name) links \(linked.intersection(foreign))")
    }

    @Test func `Only ServiceDatabase and MLflowImport depend on the database drivers`() {
        for target in graph.targets where target.isShared || target.service != nil {
            let drivers = Set(target.dependencies).intersection(["SQLiteDatabase", "PostgreSQLDatabase"])
            #expect(drivers.isEmpty || ["ServiceDatabase", "MLflowImport"].contains(target.name), "\(target.name) → \(drivers)")
        }
    }

    @Test(arguments: [("AdapterKit", "Adapters"), ("EngineKit", "Engines")])
    func `A plugin depends on the C interface, its kit and the base modules, and the kit on the others`(kit: String, directory: String) {
        let known = graph[kit].map(\.dependencies) ?? []
        #expect(known.filter { !["PluginABI", "JSON", "Primitives"].contains($0) } == [])
        for target in graph.targets where target.service == directory {
            let allowed = [kit, "PluginABI", "JSON", "Primitives"] + (Self.furtherLibraries[target.name] ?? [])
            for name in target.dependencies where graph[name]?.path.hasPrefix(target.path) == false {
                let isItsLibrary = graph[name].map { target.path == $0.path + "/Entry" } ?? false
                #expect(isItsLibrary || allowed.contains(name), "\(target.name) → \(name)")
            }
        }
    }

    @Test func `The host of all plugins depends on no kind of plugin, and the host of adapters depends on it`() throws {
        #expect(graph["PluginHost"]?.dependencies == ["PluginABI", "JSON"])
        #expect(graph["AdapterHost"]?.dependencies == ["PluginHost", "PluginABI", "JSON", "Primitives"])
        // PluginABI has the headers of all kinds.
        let kinds = #/(?i)unladen_(adapter|engine)/#
        let files = try SourceFile.all(in: "Shared/PluginHost")
        #expect(!files.isEmpty)
        for file in files {
            for line in file.lines where line.text.contains(kinds) {
                Issue.record("\(file.path):\(line.number): \(line.text)")
            }
        }
    }

    @Test func `The example of an adapter in Swift contains what AdapterKit needs`() throws {
        let directory = repository.appendingPathComponent("deploy/examples/plugin-swift/Sources").path
        let copied = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(graph.linked(by: "AdapterKit").isSubset(of: copied))
    }

    /// Additional dependencies of single plugins: requests to Amazon are signed.
    private static let furtherLibraries = ["BedrockAdapter": ["SignatureV4"]]

    @Test func `A target imports no module of ours that isn't one of its dependencies`() throws {
        let ours = Set(graph.targets.map(\.name))
        for target in graph.targets where !target.path.isEmpty {
            // A target's directory may contain that of another.
            let inner = graph.targets.map(\.path).filter { $0.hasPrefix(target.path + "/") }
            for file in try SourceFile.all(in: target.path) where !inner.contains(where: { file.path.hasPrefix($0 + "/") }) {
                let unnamed = file.imports.intersection(ours).subtracting(target.dependencies)
                #expect(unnamed.isEmpty, "\(file.path) imports \(unnamed)")
            }
        }
    }

    @Test(arguments: [
        ("CSQLite", "Shared/Database/SQLite/"), ("CLibPQ", "Shared/Database/PostgreSQL/"), ("CLibCrypto", "Shared/Hashing/"),
    ])
    func `Only one module imports a library of the system`(library: String, driver: String) throws {
        for file in try SourceFile.all(in: "Services") + SourceFile.all(in: "Shared") where file.imports.contains(library) {
            #expect(file.path.hasPrefix(driver), "\(file.path) imports \(library)")
        }
    }

    @Test func `An executable only parses its flags, builds its service and runs it`() throws {
        let executables = graph.targets.filter { $0.isExecutable && $0.service != nil }
        #expect(!executables.isEmpty)
        // An executable needs no more than flags, files, a log and its service.
        let known = Set(graph.targets.map(\.name)).union(["ArgumentParser", "Foundation", "Logging"])
        for file in try executables.flatMap({ try SourceFile.all(in: $0.path) }) {
            #expect(file.lines.count <= 80, "\(file.path) is too long to be only that")
            #expect(file.imports.isSubset(of: known), "\(file.path) imports \(file.imports.subtracting(known))")
            for line in file.lines {
                guard line.contains(anyOf: ["struct", "class", "enum", "actor", "extension"]),
                    let type = line.text.firstMatch(of: Self.declaration)?.1
                else { continue }
                let isCommand = type.contains("ParsableCommand") || type.contains("ParsableArguments")
                #expect(isCommand || type.contains("Main "), "\(file.path):\(line.number) isn't a command")
            }
        }
    }

    private static var declaration: Regex<(Substring, Substring)> {
        /^\s*(?:final )?(?:struct|class|enum|actor|extension)\s+(.*)/
    }

    @Test func `A store depends on no service and no routes`() throws {
        let stores = try SourceFile.all(in: "Services").filter { $0.path.contains(#/(?:Store|Rows?|Reader)\.swift$/#) }
        #expect(!stores.isEmpty)
        for file in stores {
            for line in file.lines
            where line.contains(anyOf: ["Service", "Routes"]) && line.text.contains(#/\b[A-Z]\w*(?:Service|Routes)\b/#) {
                Issue.record("\(file.path):\(line.number): \(line.text)")
            }
        }
    }

    @Test func `Only Environment reads the variables of the process`() throws {
        let reading = ["getenv(", "processInfo.environment"]
        // Child processes inherit the variables.
        let known = ["Shared/ServiceKit/Configuration/Environment.swift", "Shared/ProcessKit/ChildOutput.swift"]
        for file in try SourceFile.all(in: "Services") + SourceFile.all(in: "Shared") where !known.contains(file.path) {
            for line in file.lines where line.contains(anyOf: reading) {
                Issue.record("\(file.path):\(line.number): \(line.text)")
            }
        }
    }

    @Test func `No service contains a deliberate crash`() throws {
        let givingUp = ["fatalError(", "preconditionFailure(", "try!", " as! "]
        for file in try SourceFile.all(in: "Services") + SourceFile.all(in: "Shared") {
            for line in file.lines where line.contains(anyOf: givingUp) {
                Issue.record("\(file.path):\(line.number): \(line.text)")
            }
        }
    }
}
