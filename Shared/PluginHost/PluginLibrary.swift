internal import Glibc

/// A dynamic library. It is never unloaded, because unloading code that has run isn't safe.
struct PluginLibrary {
    private let handle: UnsafeMutableRawPointer

    /// Loads a library, after checking that its file is trusted.
    init(path: String) throws {
        try PluginFile.check(path)
        // RTLD_NOW resolves all symbols, so that an incompatible library fails here instead of in a request. RTLD_LOCAL hides its
        // symbols from other plugins.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw PluginError("can't load the library: \(Self.lastError)") }
        self.handle = handle
    }

    /// The address of an exported function.
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
        guard let address = dlsym(handle, name) else { throw PluginError("the library doesn't export \(name)") }
        return address
    }

    private static var lastError: String { dlerror().map { String(cString: $0) } ?? "no reason given" }
}
