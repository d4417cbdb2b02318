package import ArgumentParser
internal import Foundation
internal import ServiceKit

/// The flag that says where the services' executables are.
package struct BinaryDirectoryOptions: ParsableArguments, Sendable {
    @Option(help: "Folder of the services' executables; that of this one by default. [UNLADEN_BIN]")
    package var binDir: String?

    package init() {}

    package var path: String {
        if let path = binDir ?? Environment["UNLADEN_BIN"] { return URL(fileURLWithPath: path).standardizedFileURL.path }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().path
    }
}
