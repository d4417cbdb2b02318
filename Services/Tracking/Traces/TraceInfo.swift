internal import WireProtocol

/// A trace without its spans: MLflow's `TraceInfoV3` (mlflow/protos/service.proto).
struct TraceInfo: Sendable {
    var traceID: String
    var experiment: Int64
    /// Milliseconds since 1970.
    var timestamp: Int64
    /// Milliseconds; `nil` while the trace is in progress.
    var duration: Int64?
    var state: TraceState
    var clientRequestID: String?
    var requestPreview: String?
    var responsePreview: String?
    var tags: [KeyValue] = []
    var metadata: [KeyValue] = []
    var assessments: [Assessment] = []
}

enum TraceState: String, WireEnumeration {
    case unspecified = "STATE_UNSPECIFIED"
    case ok = "OK"
    case error = "ERROR"
    case inProgress = "IN_PROGRESS"

    init?(number: Int64) {
        switch number {
        case 0: self = .unspecified
        case 1: self = .ok
        case 2: self = .error
        case 3: self = .inProgress
        default: return nil
        }
    }

    /// Whether the state is still undecided, so that the root span determines it.
    var isOpen: Bool { self == .unspecified || self == .inProgress }
}

extension TraceInfo: JSONWritable {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("trace_id", traceID)
            json.field("client_request_id", clientRequestID)
            json.name("trace_location")
            json.object { json in
                json.field("type", "MLFLOW_EXPERIMENT")
                json.name("mlflow_experiment")
                json.object { $0.field("experiment_id", String(experiment)) }
            }
            json.field("request_preview", requestPreview)
            json.field("response_preview", responsePreview)
            json.field("request_time", ProtobufTime.text(timestamp))
            json.field("execution_duration", duration.map(ProtobufTime.durationText))
            json.field("state", state.rawValue)
            Self.write("trace_metadata", metadata, valueLimit: TraceLimit.metadataValueInResponse, to: &json)
            json.field("assessments", assessments)
            Self.write("tags", tags, valueLimit: TraceLimit.tagValueInResponse, to: &json)
        }
    }

    private static func write(_ name: StaticString, _ pairs: [KeyValue], valueLimit: Int, to json: inout JSONWriter) {
        guard !pairs.isEmpty else { return }
        json.name(name)
        json.object { json in
            for pair in pairs {
                json.name(Validation.truncate(pair.key, to: Validation.Limit.key))
                json.string(Validation.truncate(pair.value, to: valueLimit))
            }
        }
    }
}

/// MLflow's limits: lengths in characters, and counts (mlflow/utils/validation.py, mlflow/entities/trace_info_v2.py).
enum TraceLimit {
    static let tagValue = 8000
    /// The length to which responses truncate the value of a tag.
    static let tagValueInResponse = 4096
    /// The length to which responses truncate a metadata value.
    static let metadataValueInResponse = 250
    static let name = 4096
    static let session = 250
    /// The width of MLflow's column.
    static let id = 50
    static let linksPerRequest = 100
    static let pageSize = 500
    static let defaultPageSize = 100
    /// The maximum number of traces per request; MLflow's own clients request ten.
    static let tracesPerRequest = 1000
}

/// A trace in the form for clients before 3.0, with arrays of pairs and plain milliseconds (`TraceInfo` in service.proto).
struct TraceInfoV2: JSONWritable, Sendable {
    let info: TraceInfo

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("request_id", info.traceID)
            json.field("experiment_id", String(info.experiment))
            json.field("timestamp_ms", info.timestamp)
            json.field("execution_time_ms", info.duration ?? 0)
            json.field("status", info.state == .unspecified ? "TRACE_STATUS_UNSPECIFIED" : info.state.rawValue)
            json.field("request_metadata", info.metadata.map { Self.truncated($0, TraceLimit.metadataValueInResponse) })
            json.field("tags", info.tags.map { Self.truncated($0, TraceLimit.tagValueInResponse) })
        }
    }

    private static func truncated(_ pair: KeyValue, _ limit: Int) -> KeyValue {
        KeyValue(key: Validation.truncate(pair.key, to: Validation.Limit.key), value: Validation.truncate(pair.value, to: limit))
    }
}
