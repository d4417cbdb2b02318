internal import Database
internal import ServiceKit
internal import WireProtocol

/// Composes the stores of traces, assessments and metrics, and registers their routes.
struct Traces: Sendable {
    private let store: TraceStore
    private let writer: TraceWriter
    private let search: TraceSearch
    private let assessments: AssessmentStore
    private let metrics: TraceMetricsStore
    private let correlation: TraceCorrelationStore
    private let artifacts: ArtifactStoreResolver
    private let time: TimeSource
    private let random: RandomSource
    private let spanLimits: SpanLimits

    init(database: any Database, artifacts: ArtifactStoreResolver, spanLimits: SpanLimits, time: TimeSource, random: RandomSource) {
        store = TraceStore(database: database)
        writer = TraceWriter(database: database)
        search = TraceSearch(database: database)
        assessments = AssessmentStore(database: database, time: time, random: random)
        metrics = TraceMetricsStore(database: database)
        correlation = TraceCorrelationStore(database: database)
        (self.artifacts, self.spanLimits, self.time, self.random) = (artifacts, spanLimits, time, random)
    }

    func register(on routes: APIRoutes) {
        OTLPRoutes(writer: writer, limits: spanLimits).register(on: routes)
        TraceRoutes(store: store, writer: writer, time: time, random: random).register(on: routes)
        TraceSearchRoutes(search: search).register(on: routes)
        AssessmentRoutes(store: assessments).register(on: routes)
        TraceV2Routes(store: store, writer: writer, search: search, random: random).register(on: routes)
        TraceArtifactRoutes(store: store, artifacts: artifacts).register(on: routes)
        TraceMetricsRoutes(store: metrics).register(on: routes)
        TraceCorrelationRoutes(store: correlation).register(on: routes)
    }
}
