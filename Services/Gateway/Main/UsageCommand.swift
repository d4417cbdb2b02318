internal import ArgumentParser
internal import Gateway
internal import ServiceDatabase
internal import ServiceKit

struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "usage", abstract: "Summarize usage.")

    @Option(help: "Dimensions to group by, separated by commas: team, key, route, provider, model, status, day, hour.")
    var by: String = "team,model"

    @Option(help: "The time span up to now, such as 24h or 7d.")
    var last: String = "30d"

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let database = try database.open(default: ServeCommand.databaseFile)
        try await GatewayAdministration(database).showUsage(by: by, last: last, asJSON: json)
    }
}
