internal import ArgumentParser
internal import Gateway
internal import ServiceKit

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "usage", abstract: "Sum up what was used.")

    @Option(help: "What to sum up by: team, key, route, provider, model, status, day, hour; separated by commas.")
    var by: String = "team,model"

    @Option(help: "How far back, such as 24h or 7d.")
    var last: String = "30d"

    @Flag(help: "Write JSON.")
    var json = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let database = try database.open(default: ServeCommand.databaseFile)
        try await GatewayAdministration(database).showUsage(by: by, last: last, asJSON: json)
    }
}
