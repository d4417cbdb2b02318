internal import Foundation

/// Compiles plugins in C as a third party would: with a C compiler and the headers.
package enum CLibrary {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Compiles a file of the repository to the dynamic library at `path`.
    ///
    /// - Parameter macro: a macro to define, if any.
    package static func compile(_ source: String, to path: String, defining macro: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["clang", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-shared", "-fPIC", "-o", path]
            + ["-I", repository.appendingPathComponent("Shared/PluginABI/include").path] + (macro.map { ["-D", $0] } ?? [])
            + [repository.appendingPathComponent(source).path]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
