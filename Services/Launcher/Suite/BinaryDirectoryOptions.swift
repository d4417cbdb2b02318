package import ArgumentParser
internal import Foundation
internal import ServiceKit

/// The flag for the directory of the services' executables.
package struct BinaryDirectoryOptions: ParsableArguments, Sendable {
    @Option(help: "Directory of the services' executables. Default: the directory of this executable. [UNLADEN_BIN]")
    package var binDir: String?

    package init() {}

    /// The absolute path of the directory.
    package var path: String {
        if let path = binDir ?? Environment["UNLADEN_BIN"] { return URL(fileURLWithPath: path).standardizedFileURL.path }
        return Executable.directory
    }
}
