package import Primitives

/// The status of a logged model, whose files are uploaded after its creation.
package enum LoggedModelStatus: String, WireEnumeration {
    case unspecified = "LOGGED_MODEL_STATUS_UNSPECIFIED"
    case pending = "LOGGED_MODEL_PENDING"
    case ready = "LOGGED_MODEL_READY"
    case uploadFailed = "LOGGED_MODEL_UPLOAD_FAILED"

    package init?(number: Int64) {
        switch number {
        case 0: self = .unspecified
        case 1: self = .pending
        case 2: self = .ready
        case 3: self = .uploadFailed
        default: return nil
        }
    }

    /// The protobuf number.
    package var number: Int64 {
        switch self {
        case .unspecified: 0
        case .pending: 1
        case .ready: 2
        case .uploadFailed: 3
        }
    }
}

/// A model logged to an experiment, with its tags, params and all points of its metrics.
package struct LoggedModel: ProtobufMessage, JSONWritable {
    package var modelID: String
    package var experimentID: Int64
    package var name: String
    package var artifactURI: String
    package var creationTime: UnixMilliseconds
    package var lastUpdateTime: UnixMilliseconds
    package var status: LoggedModelStatus
    /// The type of model, such as `agent`; empty if unspecified.
    package var modelType: String
    /// The run that created it; empty if there is none.
    package var sourceRunID: String
    package var statusMessage: String?
    package var tags: [KeyValue] = []
    package var params: [KeyValue] = []
    package var metrics: [Metric] = []

    package init(
        modelID: String, experimentID: Int64, name: String, artifactURI: String, creationTime: UnixMilliseconds,
        lastUpdateTime: UnixMilliseconds, status: LoggedModelStatus, modelType: String, sourceRunID: String,
        statusMessage: String? = nil
    ) {
        self.modelID = modelID
        self.experimentID = experimentID
        self.name = name
        self.artifactURI = artifactURI
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.status = status
        self.modelType = modelType
        self.sourceRunID = sourceRunID
        self.statusMessage = statusMessage
    }

    package init(_ fields: MessageFields) throws {
        let info = try fields.object("info") ?? MessageFields(JSONObject())
        modelID = try info.string("model_id") ?? ""
        experimentID = try ExperimentID.parse(info.string("experiment_id") ?? "")
        name = try info.string("name") ?? ""
        creationTime = try info.time("creation_timestamp_ms") ?? UnixMilliseconds(0)
        lastUpdateTime = try info.time("last_updated_timestamp_ms") ?? UnixMilliseconds(0)
        artifactURI = try info.string("artifact_uri") ?? ""
        status = try info.enumeration("status") ?? .unspecified
        modelType = try info.string("model_type") ?? ""
        sourceRunID = try info.string("source_run_id") ?? ""
        statusMessage = try info.string("status_message")
        tags = try info.messages("tags")
        guard let data = try fields.object("data") else { return }
        params = try data.messages("params")
        metrics = try data.messages("metrics")
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.name("info")
            json.object { json in
                json.field("model_id", modelID)
                json.field("experiment_id", String(experimentID))
                json.field("name", name)
                json.field("creation_timestamp_ms", creationTime)
                json.field("last_updated_timestamp_ms", lastUpdateTime)
                json.field("artifact_uri", artifactURI)
                json.field("status", status.rawValue)
                json.field("model_type", modelType)
                json.field("source_run_id", sourceRunID)
                json.field("status_message", statusMessage)
                json.field("tags", tags)
            }
            json.name("data")
            json.object { json in
                json.field("params", params)
                json.field("metrics", metrics)
            }
        }
    }
}
