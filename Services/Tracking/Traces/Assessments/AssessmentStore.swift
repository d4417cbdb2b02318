internal import Database
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// Creates, updates and deletes assessments.
struct AssessmentStore: Sendable {
    let database: any Database
    let time: TimeSource
    let random: RandomSource

    func create(_ assessment: Assessment, of traceID: String) async throws -> Assessment {
        var new = assessment
        new.id = ""
        new.complete(of: traceID, time.now(), random)
        let assessment = new
        return try await database.write { connection in
            let trace = try TraceRow.lock(traceID, connection)
            if let overrides = assessment.overrides, try !AssessmentRows.setValid(false, overrides, of: trace, connection) {
                throw ServiceError.assessmentNotFound(overrides, of: traceID)
            }
            try AssessmentRows.upsert(assessment, of: trace, connection)
            return assessment
        }
    }

    func get(_ id: String, of traceID: String) async throws -> Assessment {
        try await database.read(.point) { connection in try Self.find(id, of: traceID, connection).assessment }
    }

    /// The changes to an assessment; a `nil` field stays unchanged.
    struct Update: Sendable {
        var name: String?
        /// The new feedback or expectation.
        var content: Assessment?
        var rationale: String?
        /// Entries to add; an existing entry with the same key is replaced.
        var metadata: [KeyValue] = []
        var isValid: Bool?
    }

    func update(_ id: String, of traceID: String, _ change: Update) async throws -> Assessment {
        let now = time.now()
        return try await database.write { connection in
            var (trace, assessment) = try Self.find(id, of: traceID, isLocked: true, connection)
            if let content = change.content {
                guard content.kind == assessment.kind else {
                    throw ServiceError.invalidParameter(
                        content.kind == .expectation
                            ? "Cannot update expectation value on a Feedback assessment."
                            : "Cannot update feedback value on an Expectation assessment.")
                }
                (assessment.value, assessment.error) = (content.value, content.error)
            }
            assessment.name = change.name ?? assessment.name
            assessment.rationale = change.rationale ?? assessment.rationale
            assessment.isValid = change.isValid ?? assessment.isValid
            for pair in change.metadata {
                assessment.metadata.removeAll { $0.key == pair.key }
                assessment.metadata.append(pair)
            }
            assessment.lastUpdateTime = now
            try AssessmentRows.upsert(assessment, of: trace, connection)
            return assessment
        }
    }

    /// Deletes an assessment if it exists, and makes the one that it overrode valid again.
    func delete(_ id: String, of traceID: String) async throws {
        try await database.write { connection in
            guard let trace = try TraceRow.find(traceID, connection)?.id,
                let assessment = try AssessmentRows.find(id, of: trace, traceID: traceID, connection)
            else { return }
            if let overrides = assessment.overrides { _ = try AssessmentRows.setValid(true, overrides, of: trace, connection) }
            try connection.execute("DELETE FROM assessments WHERE trace_id = \(trace) AND assessment_id = \(id)")
        }
    }

    private static func find(_ id: String, of traceID: String, isLocked: Bool = false, _ connection: any Connection) throws
        -> (trace: Int64, assessment: Assessment)
    {
        let lock: SQL = isLocked ? connection.dialect.forUpdate : ""
        let trace = try connection.first("SELECT id FROM traces WHERE trace_id = \(traceID)\(lock)") { $0.int(0) }
        guard let trace else { throw ServiceError.assessedTraceNotFound(traceID) }
        guard let assessment = try AssessmentRows.find(id, of: trace, traceID: traceID, connection) else {
            throw ServiceError.assessmentNotFound(id, of: traceID)
        }
        return (trace, assessment)
    }
}

extension Assessment {
    /// Fills in the trace, and the ID and the times that the client left out.
    mutating func complete(of trace: String, _ now: UnixMilliseconds, _ random: RandomSource) {
        traceID = trace
        if id.isEmpty { id = "a-" + random.hexID() }
        if creationTime.rawValue == 0 { creationTime = now }
        if lastUpdateTime.rawValue == 0 { lastUpdateTime = now }
        isValid = true
    }
}
