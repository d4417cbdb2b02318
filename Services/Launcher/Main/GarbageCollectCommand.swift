internal import ArgumentParser
internal import Launcher

struct GarbageCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Removes for good what was deleted long ago, with its artifacts.",
        discussion: "The suite may run meanwhile. Prints what was freed; exit code 1 when artifacts couldn't be removed.")

    @Option(help: "Remove what was deleted at least this long ago, such as 30d or 12h.")
    var olderThan: String

    @OptionGroup var stores: StoreOptions

    @Option(help: "The tracking service's database, if it isn't in the data folder.")
    var trackingBackendStoreUri: String?

    @OptionGroup var programs: BinaryDirectoryOptions

    func run() async throws {
        var own: [String: String] = [:]
        own["tracking"] = trackingBackendStoreUri
        let stores = try StoreLocations(stores, own: own)
        try stores.requireData(of: "tracking")
        let collection = GarbageCollectionTask(olderThan: olderThan, stores: stores, binaryDirectory: programs.path)
        throw ExitCode(try await collection.run())
    }
}
