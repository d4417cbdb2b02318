internal import ArgumentParser
internal import Gateway
internal import ServiceDatabase
internal import ServiceKit

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Create, list and revoke API keys.",
        subcommands: [CreateKeyCommand.self, ListKeysCommand.self, RevokeKeyCommand.self])
}

struct CreateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a key. It is shown only once.")

    @Option(help: "A display name for the key.")
    var name: String

    @Option(help: "The team that the key belongs to.")
    var team: String?

    @Option(help: "Routes that the key may use, separated by commas; all by default.")
    var routes: String?

    @Option(help: "Lifetime of the key, such as 90d. By default, it never expires.")
    var expires: String?

    @Flag(help: "Print JSON.")
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

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await GatewayAdministration(try database.open(default: ServeCommand.databaseFile)).listKeys(asJSON: json)
    }
}

struct RevokeKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Revoke a key. Takes effect within seconds.")

    @Argument(help: "The key's id, which `keys list` shows.")
    var id: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await GatewayAdministration(try database.open(default: ServeCommand.databaseFile)).revokeKey(id)
    }
}
