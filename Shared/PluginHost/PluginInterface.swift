/// The interface of a kind of plugin, such as adapters: an entry function that returns a table of functions. `Table` is the table's C
/// struct, which begins with `uint32_t size` and `uint32_t abi`; see `unladen_plugin.h`.
package struct PluginInterface<Table>: Sendable {
    /// The kind, as in manifests and messages: "adapter".
    package let kind: String
    /// The version that this program supports.
    package let abi: UInt32
    /// The name of the entry function.
    private let symbol: String
    /// The offsets in the table of the functions that every plugin must have.
    private let functions: Range<Int>

    /// - Parameters:
    ///   - first: the first function of the table.
    ///   - last: the last function of the first version. Functions that later versions append are optional.
    package init(kind: String, abi: UInt32, symbol: String, first: PartialKeyPath<Table>, last: PartialKeyPath<Table>) {
        self.kind = kind
        self.abi = abi
        self.symbol = symbol
        let head = 2 * MemoryLayout<UInt32>.size
        let start = MemoryLayout<Table>.offset(of: first) ?? head
        functions = start..<max(start, (MemoryLayout<Table>.offset(of: last) ?? start) + MemoryLayout<UInt>.size)
    }

    /// Loads a plugin's library and returns its table, which stays valid until the process ends.
    ///
    /// - Throws: `PluginError` if the library can't be loaded or its table is incompatible or incomplete.
    package func load(_ manifest: PluginManifest) throws -> UnsafePointer<Table> {
        let library = try PluginLibrary(path: manifest.library)
        let entry = unsafeBitCast(try library.symbol(symbol), to: (@convention(c) () -> UnsafeRawPointer?).self)
        guard let table = entry() else { throw PluginError("the \(kind) reports that it can't run in this environment") }
        let size = table.load(as: UInt32.self)
        guard size >= functions.upperBound else {
            throw PluginError("the \(kind)'s table is too small: \(size) of \(functions.upperBound) bytes")
        }
        let version = table.load(fromByteOffset: MemoryLayout<UInt32>.size, as: UInt32.self)
        guard version == abi else { throw PluginError("the \(kind)'s table has version \(version), but must have version \(abi)") }
        // A C table may contain null pointers where Swift assumes non-null ones, so they are compared as integers.
        let addresses = stride(from: functions.lowerBound, to: functions.upperBound, by: MemoryLayout<UInt>.size)
        guard addresses.allSatisfy({ table.load(fromByteOffset: $0, as: UInt.self) != 0 }) else {
            throw PluginError("a function of the \(kind)'s table is missing")
        }
        return table.assumingMemoryBound(to: Table.self)
    }
}
