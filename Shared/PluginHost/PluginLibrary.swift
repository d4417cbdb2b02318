internal import Glibc

/// A dynamic library, loaded for as long as the process lives: code that has run can't be taken away safely.
struct PluginLibrary {
    private let handle: UnsafeMutableRawPointer

    init(path: String) throws {
        // All symbols are bound now, so that a library that doesn't fit fails here and not in a request; and none of them is seen by
        // other plugins.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else { throw PluginError("the library can't be loaded: \(Self.lastError)") }
        self.handle = handle
    }

    /// The address of an exported function.
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
        guard let address = dlsym(handle, name) else { throw PluginError("the library doesn't export \(name)") }
        return address
    }

    private static var lastError: String { dlerror().map { String(cString: $0) } ?? "no reason given" }
}
