import Database
import Testing

@testable import ServiceDatabase
@testable import ServiceKit

@Suite struct DatabaseMetricsTests {
    @Test func `The metrics contain the statistics of the database`() {
        let metrics = PrometheusMetricsFactory(service: "test")
        let statistics = DatabaseStatistics(connections: 3, idleConnections: 2, waiting: 1, commits: 10, writes: 20)
        metrics.collect { statistics.write(to: &$0) }
        let text = metrics.exposition()
        for line in [
            "unladen_database_connections{service=\"test\"} 3", "unladen_database_connections_idle{service=\"test\"} 2",
            "unladen_database_waiting{service=\"test\"} 1", "unladen_database_commits_total{service=\"test\"} 10",
            "unladen_database_writes_total{service=\"test\"} 20",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }
}
