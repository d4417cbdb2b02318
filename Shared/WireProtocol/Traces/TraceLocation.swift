/// Where a trace is stored: in an experiment.
package struct TraceLocation: ProtobufMessage, JSONWritable {
    /// `nil` for a location that isn't an experiment; our services have no others.
    package var experimentID: String?

    package init(experimentID: String?) { self.experimentID = experimentID }

    package init(_ fields: MessageFields) throws {
        experimentID = try fields.object("mlflow_experiment").map { try $0.string("experiment_id") ?? "" }
    }

    package func write(to json: inout JSONWriter) {
        json.object { json in
            guard let experimentID else { return }
            json.field("type", "MLFLOW_EXPERIMENT")
            json.name("mlflow_experiment")
            json.object { $0.field("experiment_id", experimentID) }
        }
    }
}
