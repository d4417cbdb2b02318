internal import ArtifactStore
package import Database
internal import HTTPServer
package import ServiceClient
package import ServiceKit
package import WireProtocol

/// The tracking service: composes its parts and registers their routes.
package struct Tracking: Sendable {
    private let database: any Database
    private let experiments: ExperimentService
    private let runs: RunService
    private let runData: RunDataStore
    private let loggedModels: LoggedModelService
    private let loggedModelSearch: LoggedModelSearch
    private let inputs: RunInputService
    private let artifacts: ArtifactStoreResolver
    private let registryProxy: ReverseProxy
    private let registry: RegistryClient
    private let runSearch: RunSearchStore
    private let metricHistory: MetricHistoryStore
    private let traces: Traces
    private let gateway: GatewayInvocationProxy?
    private let gatewayCatalog: GatewayCatalogReader?
    private let promptLab: PromptLabRoutes
    private let webUI: WebUIRoutes

    /// Composes the service.
    ///
    /// - Parameters:
    ///   - artifactRoot: the URI below which experiments without their own location store artifacts.
    ///   - registry: the address of the registry.
    ///   - gateway: the gateway that the UI's playground and prompt engineering use; `nil` without one.
    ///   - webUI: the files of MLflow's web UI.
    ///   - prefix: an additional path prefix below which all routes are served.
    ///   - spanLimits: the limits of requests that upload spans.
    package init(
        database: any Database, artifacts: ArtifactStoreResolver, artifactRoot: String, registry: ServiceAddress,
        gateway: GatewaySettings? = nil, webUI: WebUIFiles = .missing, prefix: PathPrefix? = nil,
        spanLimits: SpanLimits = .standard, time: TimeSource = .system, random: RandomSource = .system
    ) {
        self.database = database
        self.artifacts = artifacts
        registryProxy = ReverseProxy(service: "registry", url: registry.description)
        let registryClient = JSONServiceClient(
            name: "registry", address: registry, timeout: .seconds(60), reserve: RequestMemory.reserveForCurrentRequest)
        self.registry = RegistryClient(client: registryClient)
        let keys = KeyInterner(database: database)
        experiments = ExperimentService(store: ExperimentStore(database: database), time: time, artifactRoot: artifactRoot)
        let runIDCache = RunIDCache(database: database)
        let reader = RunReader(database: database, keys: keys)
        runs = RunService(
            store: RunStore(database: database), reader: reader, runIDCache: runIDCache, keys: keys, time: time, random: random)
        runData = RunDataStore(database: database, runIDCache: runIDCache, keys: keys)
        loggedModels = LoggedModelService(store: LoggedModelStore(database: database), time: time, random: random)
        loggedModelSearch = LoggedModelSearch(database: database)
        inputs = RunInputService(store: RunInputStore(database: database, runIDCache: runIDCache, keys: keys))
        runSearch = RunSearchStore(database: database, keys: keys, reader: reader)
        metricHistory = MetricHistoryStore(database: database, keys: keys)
        traces = Traces(database: database, artifacts: artifacts, spanLimits: spanLimits, time: time, random: random)
        self.gateway = gateway.map(GatewayInvocationProxy.init)
        gatewayCatalog = gateway.map(GatewayCatalogReader.init)
        self.webUI = WebUIRoutes(files: webUI, prefix: prefix, gatewayURL: gateway?.url)
        promptLab = PromptLabRoutes(runs: runs, runData: runData, stores: artifacts, time: time, random: random)
    }

    /// Migrates the schema and creates the default experiment if it doesn't exist; call before serving requests.
    package func prepare() async throws {
        try await Self.migrate(database)
        try await TraceMetricsBackfill(database: database).run()
        try await experiments.createDefault()
    }

    /// Migrates the schema of `database` to the current version.
    package static func migrate(_ database: any Database) async throws {
        try await database.migrate(service: "tracking", TrackingSchema.migrations)
    }

    /// Registers all routes of the tracking service.
    package func register(on routes: APIRoutes) {
        ExperimentRoutes(service: experiments).register(on: routes)
        RunRoutes(service: runs).register(on: routes)
        RunDataRoutes(store: runData).register(on: routes)
        LoggedModelRoutes(service: loggedModels, search: loggedModelSearch).register(on: routes)
        RunInputRoutes(service: inputs).register(on: routes)
        ExperimentSearchRoutes(search: ExperimentSearch(database: database)).register(on: routes)
        RunSearchRoutes(store: runSearch).register(on: routes)
        MetricHistoryRoutes(store: metricHistory).register(on: routes)
        traces.register(on: routes)
        ProxiedArtifactRoutes(store: artifacts.defaultStore).register(on: routes)
        let entityArtifacts = EntityArtifactRoutes(database: database, stores: artifacts, registry: registry)
        entityArtifacts.register(on: routes)
        GraphQLRoutes(
            resolvers: MLflowResolvers(
                experiments: experiments, runs: runs, runSearch: runSearch, metricHistory: MetricHistoryRoutes(store: metricHistory),
                inputs: inputs, artifacts: entityArtifacts, registry: registry,
                relations: GraphQLRunRelations(database: database, registry: registry))
        ).register(on: routes)
        promptLab.register(on: routes)
        GatewayProxyRoutes(gateway: gateway).register(on: routes)
        GatewayInvocationRoutes(gateway: gateway).register(on: routes)
        GatewayCatalogRoutes(gateway: gatewayCatalog).register(on: routes)
        UnsupportedEntityRoutes().register(on: routes)
        ServerInfoRoutes(
            hasDirectTransfer: artifacts.defaultStore.directTransfer != nil, hasGateway: gateway != nil
        ).register(on: routes)
        ReverseProxyRoutes(registry: registryProxy).register(on: routes)
        DisabledFeatureRoutes().register(on: routes)
        webUI.register(on: routes)
    }
}
