internal import HTTPServer

extension ConnectionMetrics {
    /// Writes the metrics of the connections.
    func write(to text: inout PrometheusText) {
        let counts = counts
        text.metric("unladen_http_connections", .gauge, "Open client connections.")
        text.sample(Double(counts.open))
        text.metric(
            "unladen_http_connections_ended_total", .counter,
            "Connections closed by the service because of a timeout, a limit or a shutdown.")
        for reason in Reason.allCases { text.sample(Double(counts.closed[reason] ?? 0), labels: [("reason", reason.rawValue)]) }
    }
}

extension MemoryBudget {
    /// Writes the metrics of the memory of requests in flight.
    func write(to text: inout PrometheusText) {
        text.metric("unladen_request_memory_bytes", .gauge, "Memory reserved by requests in flight.")
        text.sample(Double(used))
        text.metric("unladen_request_memory_limit_bytes", .gauge, "Maximum memory that requests in flight may reserve.")
        text.sample(Double(limit))
        text.metric("unladen_request_memory_rejections_total", .counter, "Requests rejected because no memory was left.")
        text.sample(Double(rejections))
    }
}

extension ProcessMemory {
    /// Writes the metrics of the process's memory.
    static func write(to text: inout PrometheusText) {
        guard let memory = current() else { return }
        text.metric("process_resident_memory_bytes", .gauge, "Resident memory.")
        text.sample(Double(memory.resident))
        text.metric("process_virtual_memory_bytes", .gauge, "Virtual memory.")
        text.sample(Double(memory.virtual))
    }
}
