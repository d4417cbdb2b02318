internal import HTTPTypes
internal import MLflowAPI
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Routes under `runs/…` that create, read, change and delete runs.
struct RunRoutes: Sendable {
    let service: RunService

    /// Returns the run's name. Its limit is that of tag values, because a tag duplicates the name.
    private static func name(_ fields: MessageFields) throws -> String? {
        let name = try fields.string("run_name")
        let limit = Validation.Limit.runTagValue
        guard name?.unicodeScalars.dropFirst(limit).isEmpty ?? true else {
            throw ServiceError.invalidParameter("'run_name' exceeds the maximum length of \(limit) characters.")
        }
        return name
    }

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/create", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let experiment = try fields.string("experiment_id") ?? ""
            let startTime = try fields.time("start_time") ?? UnixMilliseconds(0)
            let name = try Self.name(fields) ?? ""
            return Envelope(
                "run",
                try await service.create(
                    experimentID: experiment, userID: try fields.string("user_id") ?? "", startTime: startTime,
                    tags: try fields.messages("tags"), name: name))
        }
        routes.mlflow(
            .get, "runs/get", requires: .read(.experiment), execution: .onEventLoop, isLarge: { $0.content.isLarge }
        ) { fields, _ in
            Envelope("run", try await service.get(try fields.requiredRunID()))
        }
        routes.mlflow(.post, "runs/update", requires: .edit(.experiment), execution: .onEventLoop) { fields, _ in
            let run = try fields.requiredRunID()
            let endTime = try fields.time("end_time")
            let status: RunStatus? = try fields.enumeration("status")
            return Envelope(
                "run_info",
                try await service.update(run, status: status, endTime: endTime, name: try Self.name(fields)))
        }
        routes.mlflow(.post, "runs/delete", requires: .manage(.experiment), execution: .onEventLoop) { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("run_id"), to: .deleted)
            return EmptyResponse()
        }
        routes.mlflow(.post, "runs/restore", requires: .manage(.experiment)) { fields, _ in
            try await service.setLifecycleStage(try fields.requiredString("run_id"), to: .active)
            return EmptyResponse()
        }
    }
}
