package import Primitives

/// The status of a run.
package enum RunStatus: String, WireEnumeration {
    case running = "RUNNING"
    case scheduled = "SCHEDULED"
    case finished = "FINISHED"
    case failed = "FAILED"
    case killed = "KILLED"

    package init?(number: Int64) {
        switch number {
        case 1: self = .running
        case 2: self = .scheduled
        case 3: self = .finished
        case 4: self = .failed
        case 5: self = .killed
        default: return nil
        }
    }
}

/// The metadata of a run.
package struct RunInfo: ProtobufMessage, JSONWritable {
    package var runID: String
    package var experimentID: Int64
    package var runName: String
    package var userID: String
    package var status: String
    package var startTime: UnixMilliseconds
    package var endTime: UnixMilliseconds?
    package var artifactURI: String
    package var lifecycleStage: LifecycleStage

    package init(
        runID: String, experimentID: Int64, runName: String, userID: String, status: String, startTime: UnixMilliseconds,
        endTime: UnixMilliseconds?, artifactURI: String, lifecycleStage: LifecycleStage
    ) {
        self.runID = runID
        self.experimentID = experimentID
        self.runName = runName
        self.userID = userID
        self.status = status
        self.startTime = startTime
        self.endTime = endTime
        self.artifactURI = artifactURI
        self.lifecycleStage = lifecycleStage
    }

    package init(_ fields: MessageFields) throws {
        runID = try fields.nonEmptyString("run_id") ?? fields.string("run_uuid") ?? ""
        experimentID = try ExperimentID.parse(fields.string("experiment_id") ?? "")
        runName = try fields.string("run_name") ?? ""
        userID = try fields.string("user_id") ?? ""
        status = try fields.string("status") ?? ""
        startTime = try fields.time("start_time") ?? UnixMilliseconds(0)
        endTime = try fields.time("end_time")
        artifactURI = try fields.string("artifact_uri") ?? ""
        lifecycleStage = try LifecycleStage(wire: fields.string("lifecycle_stage"))
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("run_uuid", runID)
            json.field("experiment_id", String(experimentID))
            json.field("run_name", runName)
            json.field("user_id", userID)
            json.field("status", status)
            json.field("start_time", startTime)
            // As in MLflow, which doesn't distinguish 0 from an absent value.
            json.field("end_time", endTime?.rawValue == 0 ? nil : endTime)
            json.field("artifact_uri", artifactURI)
            json.field("lifecycle_stage", lifecycleStage.rawValue)
            json.field("run_id", runID)
        }
    }
}
