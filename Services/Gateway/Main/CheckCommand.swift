internal import ArgumentParser
internal import Gateway
internal import ServiceKit

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration file.",
        discussion: "Reports each mistake with its line. The exit status is 2 if there are any.")

    @Argument(help: "The configuration file.")
    var file: String

    @OptionGroup var plugins: PluginOptions

    func run() async throws {
        let problems = validateConfiguration(file, pluginDirectories: plugins.directories)
        guard problems.isEmpty else {
            for problem in problems { StandardError.writeMessage(problem.description) }
            throw ExitCode(2)
        }
        print("\(file) is valid")
    }
}
