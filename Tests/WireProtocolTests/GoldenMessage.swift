import Foundation
import Testing

@testable import WireProtocol

/// A message with its JSON, which is in the file `Golden/NAME.json`.
struct GoldenMessage: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether the message has required members.
    var isStrict = false
    let read: @Sendable (JSONValue) throws -> any JSONWritable

    init<Message: JSONReadable & JSONWritable>(_ type: Message.Type, _ name: String? = nil, isStrict: Bool = false) {
        self.name = name ?? "\(type)"
        self.isStrict = isStrict
        read = { try Message(json: $0) }
    }

    init(_ name: String, isStrict: Bool = false, _ read: @escaping @Sendable (JSONValue) throws -> any JSONWritable) {
        self.name = name
        self.isStrict = isStrict
        self.read = read
    }

    var testDescription: String { name }

    static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    func json() throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: Self.directory.appending(path: "\(name).json")))
    }

    static let all: [GoldenMessage] = tracking + traces + artifacts + registry + gateway

    private static let tracking = [
        GoldenMessage(Dataset.self), GoldenMessage(DatasetInput.self), GoldenMessage(DatasetSummary.self), GoldenMessage(Experiment.self),
        GoldenMessage(GetMetricHistoryBulk.Response.self, "GetMetricHistoryBulk.Response"), GoldenMessage(KeyValue.self),
        GoldenMessage(LoggedModel.self), GoldenMessage(LoggedModelDatasetFilter.self), GoldenMessage(LoggedModelOrderBy.self),
        GoldenMessage(Metric.self), GoldenMessage(ModelInput.self), GoldenMessage(ModelOutput.self), GoldenMessage(Run.self),
        GoldenMessage(RunInfo.self), GoldenMessage(RunInputs.self), GoldenMessage(RunOutputs.self), GoldenMessage(ServerInfo.self),
        GoldenMessage("GetMetricHistory.Response") { try PageResponse<Metric>(name: "metrics", json: $0) },
        GoldenMessage("GetRun.Response", isStrict: true) { try Envelope<Run>("run", json: $0) },
        GoldenMessage("ServiceError", isStrict: true) { json in
            guard let error = ServiceError(envelope: json) else { throw MessageError(ServiceError.self, "It has no error code.") }
            return ErrorFormat.mlflow.body(of: error)
        },
    ]

    private static let traces = [
        GoldenMessage(Assessment.self, "Assessment.expectation", isStrict: true),
        GoldenMessage(Assessment.self, "Assessment.feedback", isStrict: true),
        GoldenMessage(Assessment.self, "Assessment.issue", isStrict: true),
        GoldenMessage(CalculateTraceFilterCorrelation.Response.self, "CalculateTraceFilterCorrelation.Response"),
        GoldenMessage(ExportTraceServiceRequest.self), GoldenMessage(MetricAggregation.self), GoldenMessage(MetricDataPoint.self),
        GoldenMessage(Span.self), GoldenMessage(Trace.self), GoldenMessage(TraceInfoV2.self), GoldenMessage(TraceInfoV3.self),
        GoldenMessage(TraceLocation.self),
    ]

    private static let artifacts = [
        GoldenMessage(CreateMultipartUpload.Response.self, "CreateMultipartUpload.Response"), GoldenMessage(FileInfo.self),
        GoldenMessage(ListArtifacts.Response.self, "ListArtifacts.Response"), GoldenMessage(MultipartUploadPart.self),
        GoldenMessage(PresignedURL.self, "PresignedURL.download"), GoldenMessage(PresignedURL.self, "PresignedURL.upload"),
    ]

    private static let gateway = [
        GoldenMessage(GatewayCatalog.self, isStrict: true), GoldenMessage(IssuedKey.self),
        GoldenMessage(LimitUsage.self), GoldenMessage(ListAdapters.Response.self, "ListAdapters.Response"),
        GoldenMessage(ListKeys.Response.self, "ListKeys.Response"), GoldenMessage(ListLimits.Response.self, "ListLimits.Response"),
        GoldenMessage(UsageReport.self), GoldenMessage(VirtualKey.self),
    ]

    private static let registry = [
        GoldenMessage(CreateModelVersionRequest.self, isStrict: true), GoldenMessage(ModelVersion.self),
        GoldenMessage(RegisteredModel.self), GoldenMessage(RegisteredModelAlias.self),
        GoldenMessage("SearchModelVersions.Response") { try PageResponse<ModelVersion>(name: "model_versions", json: $0) },
    ]
}

extension PageResponse where Item: ProtobufMessage {
    fileprivate init(name: StaticString, json: JSONValue) throws(MessageError) {
        self = try MessageFields.read(Self.self, json) { fields in
            Self(name: name, items: try fields.messages("\(name)"), nextPageToken: try fields.nonEmptyString("next_page_token"))
        }
    }
}
