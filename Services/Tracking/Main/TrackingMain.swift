internal import ArgumentParser
internal import ArtifactStore
internal import Foundation
internal import ServiceKit
internal import Tracking

@main
enum TrackingMain {
    static func main() async {
        await Executable.run(TrackingCommand.self)
    }
}

struct TrackingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unladen-tracking", abstract: "Unladen's tracking service: experiments, runs, models and artifacts.")

    @OptionGroup var options: ServiceOptions
    @OptionGroup var database: DatabaseOptions

    @Option(help: "Where artifacts are kept: a folder or s3://BUCKET/PREFIX. [UNLADEN_ARTIFACTS_DESTINATION, MLFLOW_ARTIFACTS_DESTINATION]")
    var artifactsDestination: String =
        Environment["UNLADEN_ARTIFACTS_DESTINATION"] ?? Environment["MLFLOW_ARTIFACTS_DESTINATION"] ?? "./mlartifacts"

    @Option(
        help: "Under which URI new experiments keep their artifacts. [UNLADEN_DEFAULT_ARTIFACT_ROOT, MLFLOW_DEFAULT_ARTIFACT_ROOT]")
    var defaultArtifactRoot: String =
        Environment["UNLADEN_DEFAULT_ARTIFACT_ROOT"] ?? Environment["MLFLOW_DEFAULT_ARTIFACT_ROOT"] ?? "mlflow-artifacts:/"

    @Option(help: "Where the registry listens. [UNLADEN_REGISTRY_URI]")
    var registryUri: String = Environment["UNLADEN_REGISTRY_URI"] ?? "http://127.0.0.1:5001"

    func run() async throws {
        let service = Service(name: "unladen-tracking", options: options, defaultPort: 5000)
        let database = try database.open(default: "unladen-tracking.db")
        let artifacts = try openArtifacts(service)
        let tracking = Tracking(
            database: database, artifacts: artifacts, artifactRoot: defaultArtifactRoot, registryURL: registryUri)
        try await tracking.prepare()
        tracking.register(on: service.routes)
        let reachable = ReadinessCheck("artifacts") { try await artifacts.checkReachable() }
        try await service.run(database: database, checks: [.database(database), reachable]) { await artifacts.shutdown() }
    }

    private func openArtifacts(_ service: Service) throws -> ArtifactStores {
        let environment = ProcessInfo.processInfo.environment
        let logger = service.logger
        do {
            return ArtifactStores(
                standard: try openArtifactStore(uri: artifactsDestination, environment: environment, logger: logger)
            ) { uri in try openArtifactStore(uri: uri, environment: environment, logger: logger) }
        } catch {
            throw ConfigurationError("--artifacts-destination: \(error.message)")
        }
    }
}
