internal import ArgumentParser
internal import Gateway
internal import ServiceKit

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make, list and revoke the keys of clients.",
        subcommands: [CreateKeyCommand.self, ListKeysCommand.self, RevokeKeyCommand.self])
}

struct CreateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a key; it is shown this once.")

    @Option(help: "What people call it.")
    var name: String

    @Option(help: "The team that it belongs to.")
    var team: String?

    @Option(help: "The routes that it opens, separated by commas; all by default.")
    var routes: String?

    @Option(help: "How long it works, such as 90d; for ever by default.")
    var expires: String?

    @Flag(help: "Write JSON.")
    var json = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let database = try database.open(default: ServeCommand.databaseFile)
        let routes = routes.map { $0.split(separator: ",").map(String.init) }
        try await GatewayAdministration(database).createKey(name: name, team: team, routes: routes, expires: expires, asJSON: json)
    }
}

struct ListKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the keys.")

    @Flag(help: "Write JSON.")
    var json = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await GatewayAdministration(try database.open(default: ServeCommand.databaseFile)).listKeys(asJSON: json)
    }
}

struct RevokeKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Make a key useless, within seconds.")

    @Argument(help: "The key's id, as `keys list` shows it.")
    var id: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await GatewayAdministration(try database.open(default: ServeCommand.databaseFile)).revokeKey(id)
    }
}
