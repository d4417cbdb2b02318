package import CoreMetrics
internal import Synchronization

/// swift-metrics' backend of a service: keeps the metrics and writes them in Prometheus's text exposition format 0.0.4.
///
/// Metrics with the same name and labels are the same metric. Making one takes a lock; recording takes none. Keep a metric, or find it in a
/// `SeriesTable`, instead of making it again for each request.
package final class PrometheusMetricsFactory: MetricsFactory {
    private struct State {
        /// In the order of the exposition.
        var families: [MetricFamily] = []
        var positions: [String: Int] = [:]
        var collectors: [@Sendable (inout PrometheusText) -> Void] = []

        /// The position of a family, which is added if it is new.
        mutating func position(of name: String, _ kind: PrometheusText.Kind) -> Int {
            if let known = positions[name] { return known }
            families.append(MetricFamily(name: name, kind: kind))
            positions[name] = families.count - 1
            return families.count - 1
        }
    }

    private let state = Mutex(State())
    private let constantLabels: [(String, String)]

    /// - Parameter service: the value of the label `service`, which all metrics have.
    package init(service: String) {
        constantLabels = [("service", service)]
    }

    /// Declares a metric, with its help text. The exposition contains it from now on, even without samples, in the order of declaration.
    package func declare(_ name: String, _ kind: PrometheusText.Kind, _ help: String) {
        state.withLock { state in
            let position = state.position(of: name, kind)
            if state.families[position].kind == kind { state.families[position].help = help }
        }
    }

    /// Adds metrics whose values are read when they are requested.
    package func collect(_ collector: @escaping @Sendable (inout PrometheusText) -> Void) {
        state.withLock { $0.collectors.append(collector) }
    }

    /// The metrics as text.
    package func exposition() -> String {
        let (families, collectors) = state.withLock { ($0.families, $0.collectors) }
        var text = PrometheusText(constantLabels: constantLabels)
        for family in families { family.write(to: &text) }
        for collector in collectors { collector(&text) }
        return text.text
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { PrometheusCounter() }
    }

    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { PrometheusCounter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { PrometheusGauge() }
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { PrometheusGauge() } }
        return series(label, dimensions, .summary) { PrometheusSummary() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { PrometheusHistogram() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// The series of a name and labels. One that contradicts a metric of the same name isn't exposed, because a scraper would reject
    /// the whole exposition.
    private func series<Series: PrometheusSeries>(
        _ name: String, _ dimensions: [(String, String)], _ kind: PrometheusText.Kind, _ make: () -> Series
    ) -> Series {
        let name = PrometheusText.validName(name, allowingColons: true)
        let labels = dimensions.map { MetricLabel(name: PrometheusText.validName($0.0), value: $0.1) }
        return state.withLock { state in
            let position = state.position(of: name, kind)
            guard state.families[position].kind == kind else { return make() }
            if let known = state.families[position].series[labels] { return known as? Series ?? make() }
            let new = make()
            state.families[position].series[labels] = new
            return new
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for position in state.families.indices {
                guard let key = state.families[position].series.first(where: { $0.value === handler })?.key else { continue }
                state.families[position].series[key] = nil
                return
            }
        }
    }
}
