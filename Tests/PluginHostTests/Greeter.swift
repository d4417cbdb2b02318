import Foundation
import JSON
import PluginABI
import PluginHost
import TestSupport

/// A kind of plugin that exists only in these tests, hosted as any other kind would be. Its library is `Greeter/greeter.c`.
struct Greeter: @unchecked Sendable {
    // `@unchecked`: the table never changes.

    /// Laid out like the struct in `greeter.c`.
    struct Table {
        var size: UInt32
        var abi: UInt32
        var greet: @convention(c) (unladen_bytes, unladen_output) -> unladen_status
        var leave: (@convention(c) (unladen_output) -> unladen_status)?
    }

    static let interface = PluginInterface<Table>(kind: "greeter", abi: 3, symbol: "greeter_v3", first: \.greet, last: \.greet)

    let manifest: PluginManifest
    private let table: UnsafePointer<Table>

    init(_ manifest: PluginManifest) throws {
        self.manifest = manifest
        table = try Self.interface.load(manifest)
    }

    func greet(_ name: String) -> (failure: PluginFailureKind?, output: PluginOutput) {
        let output = PluginOutput()
        let status = Array(name.utf8).borrowed { name in output.collect { table.pointee.greet(name, $0) } }
        return (PluginFailureKind(status), output)
    }

    /// A vector is `{"name": …, "input": …, "greetings": […]}`.
    private func check(_ vector: TestVector) throws {
        let (failure, output) = greet(vector["input"]?.stringValue ?? "")
        if let failure { throw vector.failure("\(failure): \(output.message)") }
        let greetings = output.emitted.filter { $0.kind == 16 }.map { JSONValue.string(String(decoding: $0.value, as: UTF8.self)) }
        try vector.expect(.array(greetings), vector["greetings"] ?? [], "greetings")
    }

    /// Loads the greeters in the directories and runs their self-tests.
    static func catalog(_ directories: String...) -> PluginCatalog<Greeter> {
        PluginCatalog(of: interface, in: directories) { manifest in
            let greeter = try Greeter(manifest)
            if let path = manifest.vectors { try PluginSelfTest(path: path).run(greeter.check) }
            return greeter
        }
    }

    // MARK: Files

    static let manifest = """
        {"kind": "greeter", "name": "polite", "version": "0.1", "abi": 3, "library": "libgreeter.so", "vectors": "greeter.vectors.json",
        "languages": ["en"], "phrases": "phrases.txt"}
        """
    static let vectors = #"{"vectors": [{"name": "a name", "input": "Ada", "greetings": ["Hello", "Ada"]}]}"#

    /// Creates a directory with a greeter.
    ///
    /// - Parameter mistake: the `WITH_…` macro of greeter.c that adds a defect, if any.
    static func make(in directory: String, mistake: String? = nil, manifest: String = manifest, vectors: String = vectors) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try CLibrary.compile("Tests/PluginHostTests/Greeter/greeter.c", to: directory + "/libgreeter.so", defining: mistake)
        try manifest.write(toFile: directory + "/greeter.plugin.json", atomically: true, encoding: .utf8)
        try vectors.write(toFile: directory + "/greeter.vectors.json", atomically: true, encoding: .utf8)
    }
}
