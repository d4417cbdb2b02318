internal import ArgumentParser
internal import Launcher

struct GarbageCollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Permanently remove deleted experiments, runs and models with their artifacts.",
        discussion: "The suite may be running. Prints what was freed. The exit code is 1 when artifacts couldn't be removed.")

    @Option(help: "Minimum time since the deletion, such as 30d or 12h.")
    var olderThan: String

    @OptionGroup var stores: StoreOptions

    @Option(help: "Database URI of the tracking service, if it isn't in the data directory.")
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
