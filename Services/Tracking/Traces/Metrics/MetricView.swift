internal import WireProtocol

/// The kind of records that a metric is computed from (MLflow's `MetricViewType`).
enum MetricView: String, WireEnumeration {
    case traces = "TRACES"
    case spans = "SPANS"
    case assessments = "ASSESSMENTS"

    init?(number: Int64) {
        switch number {
        case 1: self = .traces
        case 2: self = .spans
        case 3: self = .assessments
        default: return nil
        }
    }
}
