internal import ArgumentParser
internal import Foundation
internal import ServiceKit

/// The folders with provider adapters.
struct PluginOptions: ParsableArguments {
    @Option(
        help: """
            Folders with adapters, separated by colons. Default: the executable's folder and ../lib/unladen next to it. \
            [UNLADEN_PLUGIN_DIR]
            """)
    var pluginDir: String?

    var directories: [String] {
        if let text = pluginDir ?? Environment["UNLADEN_PLUGIN_DIR"] { return text.split(separator: ":").map(String.init) }
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        return [folder.path, folder.deletingLastPathComponent().appendingPathComponent("lib/unladen").path]
    }
}
