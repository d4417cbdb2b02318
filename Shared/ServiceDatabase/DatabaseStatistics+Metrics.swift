internal import Database
internal import ServiceKit

extension DatabaseStatistics {
    /// Writes the metrics of a database.
    func write(to text: inout PrometheusText) {
        text.metric("unladen_database_connections", .gauge, "Open database connections.")
        text.sample(Double(connections))
        text.metric("unladen_database_connections_idle", .gauge, "Idle database connections.")
        text.sample(Double(idleConnections))
        text.metric("unladen_database_waiting", .gauge, "Calls waiting for a database connection.")
        text.sample(Double(waiting))
        text.metric("unladen_database_commits_total", .counter, "Committed write transactions.")
        text.sample(Double(commits))
        text.metric("unladen_database_writes_total", .counter, "Writes in the committed transactions.")
        text.sample(Double(writes))
    }
}
