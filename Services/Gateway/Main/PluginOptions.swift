internal import ArgumentParser
internal import Foundation
internal import ServiceKit

/// The directories with provider adapters.
struct PluginOptions: ParsableArguments {
    @Option(
        help: """
            Directories with adapters, separated by colons. Default: the executable's directory and ../lib/unladen next to it. \
            [UNLADEN_PLUGIN_DIR]
            """)
    var pluginDir: String?

    var directories: [String] {
        if let text = pluginDir ?? Environment["UNLADEN_PLUGIN_DIR"] { return text.split(separator: ":").map(String.init) }
        let directory = URL(fileURLWithPath: Executable.directory)
        return [directory.path, directory.deletingLastPathComponent().appendingPathComponent("lib/unladen").path]
    }
}
