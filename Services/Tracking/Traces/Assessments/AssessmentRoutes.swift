internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `traces/{trace_id}/assessments…`.
struct AssessmentRoutes: Sendable {
    let store: AssessmentStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "traces/{trace_id}/assessments", version: "3.0", requires: .edit(.experiment)) { fields, context in
            guard let assessment: Assessment = try fields.message("assessment") else { throw MessageFields.missing("assessment") }
            return Envelope("assessment", try await store.create(assessment, of: context.pathParameter("trace_id")))
        }
        let path = "traces/{trace_id}/assessments/{assessment_id}"
        routes.mlflow(.get, path, version: "3.0", requires: .read(.experiment)) { _, context in
            Envelope(
                "assessment",
                try await store.get(context.pathParameter("assessment_id"), of: context.pathParameter("trace_id")))
        }
        routes.mlflow(.patch, path, version: "3.0", requires: .edit(.experiment)) { fields, context in
            guard let sent: AssessmentPatch = try fields.message("assessment") else { throw MessageFields.missing("assessment") }
            let mask = try fields.requiredString("update_mask")
            let change = try sent.change(mask.split(separator: ",").map { Self.snakeCase($0) })
            return Envelope(
                "assessment",
                try await store.update(context.pathParameter("assessment_id"), of: context.pathParameter("trace_id"), change))
        }
        routes.mlflow(.delete, path, version: "3.0", requires: .edit(.experiment)) { _, context in
            try await store.delete(context.pathParameter("assessment_id"), of: context.pathParameter("trace_id"))
            return EmptyResponse()
        }
    }

    /// Converts a field name of a JSON-encoded protobuf `FieldMask` to its protobuf spelling: `assessmentName` becomes
    /// `assessment_name`.
    private static func snakeCase(_ text: Substring) -> String {
        text.reduce(into: "") { result, character in
            if character.isASCII, character.isUppercase {
                result += "_" + character.lowercased()
            } else if !character.isWhitespace {
                result.append(character)
            }
        }
    }

    /// A partial assessment: only the fields that the update mask names matter.
    private struct AssessmentPatch: ProtobufMessage {
        let fields: MessageFields

        init(_ fields: MessageFields) throws { self.fields = fields }

        func change(_ mask: [String]) throws -> AssessmentStore.Update {
            var change = AssessmentStore.Update()
            for path in mask {
                switch path {
                case "assessment_name": change.name = try fields.string("assessment_name") ?? ""
                case "feedback", "expectation":
                    guard fields.has(path) else { throw MessageFields.missing("assessment.\(path)") }
                    change.content = try Assessment(fields)
                case "rationale": change.rationale = try fields.string("rationale") ?? ""
                case "metadata": change.metadata = try Assessment.metadata(fields)
                case "valid": change.isValid = try fields.bool("valid") ?? true
                // MLflow ignores other fields too.
                default: continue
                }
            }
            return change
        }
    }
}
