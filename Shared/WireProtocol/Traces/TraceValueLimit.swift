/// The lengths in characters to which MLflow's messages truncate long values of a trace (mlflow/entities/trace_info_v2.py).
enum TraceValueLimit: Int {
    case tag = 4096
    case metadata = 250

    /// The pairs with their long keys and values truncated.
    func truncated(_ pairs: [KeyValue]) -> [KeyValue] {
        pairs.map { pair in
            KeyValue(key: Validation.truncate(pair.key, to: Validation.Limit.key), value: Validation.truncate(pair.value, to: rawValue))
        }
    }
}
