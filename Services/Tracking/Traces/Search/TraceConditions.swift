internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// Builds the SQL conditions and the order of a trace search. In them `t` is a trace, `g` a tag, `m` metadata, `s` a span and `a`
/// an assessment.
struct TraceConditions {
    let experiments: [Int64]
    let connection: any Connection

    private var dialect: Dialect { connection.dialect }

    /// Checks the rules that the grammar can't express.
    ///
    /// - Throws: `FilterError`.
    static func check(_ comparison: Comparison) throws {
        if comparison.entity == .tag, comparison.key == TraceKey.linkedPrompts, case .string(let text) = comparison.literal {
            guard text.count(where: { $0 == "/" }) == 1 else {
                throw FilterError("Invalid prompts filter value '\(text)'. Expected format: prompt = \"name/version\"")
            }
        }
        if comparison.entity == .metadata, [TraceKey.tokens, TraceKey.cost].contains(comparison.key) {
            guard [.equal, .notEqual, .isNull, .isNotNull].contains(comparison.operator) else {
                throw FilterError(
                    "Comparator '\(comparison.operator.rawValue)' is not supported for reserved metadata '\(comparison.key)'. Only"
                        + " '=', '!=', 'IS NULL', and 'IS NOT NULL' are supported.")
            }
        }
        if comparison.operator == .rlike, case .string(let pattern) = comparison.literal {
            guard RegularExpression(pattern) != nil else {
                throw FilterError("Invalid regular expression '\(pattern)' for '\(comparison.key)'")
            }
        }
    }

    // MARK: Conditions

    /// The conditions that `t` must all meet.
    func conditions(_ comparisons: [Comparison]) throws -> [SQL] {
        var conditions = try comparisons.filter { $0.entity != .span }.map(condition)
        // A single span must meet all span conditions.
        let spans = try comparisons.filter { $0.entity == .span }.map(spanCondition)
        if !spans.isEmpty { conditions.append("EXISTS (SELECT 1 FROM spans s WHERE s.trace_id = t.id AND \(.all(spans)))") }
        return conditions
    }

    private func condition(_ comparison: Comparison) throws -> SQL {
        let key = comparison.key
        switch comparison.entity {
        case .tag where key == TraceKey.linkedPrompts:
            guard case .string(let prompt) = comparison.literal else { return .never }
            return "EXISTS (SELECT 1 FROM trace_prompts p WHERE p.trace_id = t.id AND p.prompt = \(prompt))"
        case .tag: return try pair(comparison, "trace_tags g WHERE g.trace_id = t.id AND g.key = \(key)", "g.value", "trace_tags")
        case .metadata where key == TraceKey.session && comparison.operator == .equal:
            guard case .string(let session) = comparison.literal else { return .never }
            return "t.id IN (\(traces(ofSessions: "= \(session)", first: session)))"
        case .metadata:
            let condition = try pair(
                comparison, "trace_metadata m WHERE m.trace_id = t.id AND m.key = \(key)", "m.value", "trace_metadata")
            guard key == TraceKey.sourceRun, comparison.operator == .equal, case .string(let run) = comparison.literal else {
                return condition
            }
            return "(\(condition) OR t.trace_id IN (SELECT r.trace_id FROM trace_runs r WHERE r.run_id = \(run)))"
        case .feedback, .expectation: return try assessmentCondition(comparison)
        case .issue:
            guard case .string(let issue) = comparison.literal else { return .never }
            return "EXISTS (SELECT 1 FROM assessments a WHERE a.trace_id = t.id AND a.kind = 'issue' AND a.name = \(issue))"
        default: return try compare(comparison, Self.column(key), of: "traces t WHERE \(scope)")
        }
    }

    private var scope: SQL { "t.experiment_id IN (\(.list(experiments)))" }

    private func pair(_ comparison: Comparison, _ rows: SQL, _ column: SQL, _ table: SQL) throws -> SQL {
        guard comparison.operator == .rlike else { return try comparison.condition(onAnyOf: rows, column, dialect) }
        let all: SQL = "traces t JOIN \(table) x ON x.trace_id = t.id WHERE \(scope) AND x.key = \(comparison.key)"
        return "EXISTS (SELECT 1 FROM \(rows) AND \(column) IN (\(try matches(comparison, "x.value", of: all))))"
    }

    /// A comparison of a column; `rows` selects all of its values.
    private func compare(_ comparison: Comparison, _ column: SQL, of rows: SQL) throws -> SQL {
        guard comparison.operator == .rlike else { return try comparison.condition(on: column, dialect) }
        return "\(column) IN (\(try matches(comparison, column, of: rows)))"
    }

    /// A subquery for the values of a column that match a regular expression. Neither engine has regular expressions with a bounded
    /// run time, so they are matched here; a name or a tag has few distinct values in an experiment.
    private func matches(_ comparison: Comparison, _ column: SQL, of rows: SQL) throws -> SQL {
        guard case .string(let pattern) = comparison.literal, let expression = RegularExpression(pattern) else { return "NULL" }
        var found: [JSONValue] = []
        try connection.query("SELECT DISTINCT \(column) FROM \(rows) AND \(column) IS NOT NULL") { row in
            let text = row.text(0)
            if try expression.matches(text) { found.append(.string(text)) }
        }
        return texts(found)
    }

    /// A subquery that returns strings as rows, bound as a single parameter.
    private func texts(_ values: [JSONValue]) -> SQL {
        let list = JSONValue.array(values).jsonString
        return dialect == .sqlite
            ? "SELECT value FROM json_each(\(list))" : "SELECT json_array_elements_text(CAST(\(list) AS json))"
    }

    // MARK: Spans

    private func spanCondition(_ comparison: Comparison) throws -> SQL {
        let all: SQL = "traces t JOIN spans s ON s.trace_id = t.id WHERE \(scope)"
        switch comparison.key {
        case "name": return try compare(comparison, "s.name", of: all)
        case "type": return try compare(comparison, "s.type", of: all)
        case "status": return try compare(comparison, "s.status", of: all)
        case "content": return try compare(comparison, "s.content", of: all)
        default: return try attributeCondition(comparison, String(comparison.key.dropFirst("attributes.".count)), all)
        }
    }

    /// As in MLflow, a pattern may match anywhere after the attribute's name, so a `%` precedes the value.
    private func attributeCondition(_ comparison: Comparison, _ name: String, _ all: SQL) throws -> SQL {
        let quoted = JSONValue.string(name).jsonString
        switch (comparison.operator, comparison.literal) {
        case (.like, .string(let pattern)): return dialect.like("s.content", "%\(quoted)\(pattern)%")
        case (.ilike, .string(let pattern)): return dialect.ilike("s.content", "%\(quoted)\(pattern)%")
        case (.rlike, .string(let pattern)):
            guard let expression = RegularExpression(pattern) else { return .never }
            let span: SQL = "CAST(s.trace_id AS TEXT) || ' ' || s.span_id"
            var found: [JSONValue] = []
            try connection.query(
                "SELECT \(span), s.content FROM \(all) AND \(dialect.like("s.content", "%\"key\":\(quoted)%"))"
            ) { row in
                let content = try? JSONValue(parsing: row.withUTF8(1) { Array($0) }, limits: .trusted)
                guard let value = StoredSpan.attributes(content?["attributes"])[name] else { return }
                if try expression.matches(value.text ?? value.json.pythonUnicodeJSONString) { found.append(.string(row.text(0))) }
            }
            return "\(span) IN (\(texts(found)))"
        case (.notEqual, _), (.notIn, _): return "1 = 1"
        // MLflow compares the whole span, which is never equal.
        default: return .never
        }
    }

    // MARK: Assessments

    private func assessmentCondition(_ comparison: Comparison) throws -> SQL {
        let own: SQL = "a.kind = \(comparison.entity.rawValue) AND a.name = \(comparison.key) AND a.valid = 1"
        let value = try assessmentValue(comparison)
        let rows: SQL = value.map { "\(own) AND \($0)" } ?? own
        // An assessment of a session applies to all of its traces.
        let sessions: SQL = "SELECT a.session FROM assessments a WHERE a.session IS NOT NULL AND \(rows)"
        let found: SQL = """
            (EXISTS (SELECT 1 FROM assessments a WHERE a.trace_id = t.id AND \(rows))
                OR t.id IN (\(traces(ofSessions: "IN (\(sessions))", first: nil))))
            """
        return comparison.operator == .isNull ? "NOT \(found)" : found
    }

    /// The condition on an assessment's value; `nil` if there is none.
    private func assessmentValue(_ comparison: Comparison) throws -> SQL? {
        switch (comparison.operator, comparison.literal) {
        case (.isNull, _), (.isNotNull, _): return nil
        case (.equal, .string(let text)): return "a.value IN (\(text), \(JSONValue.string(text).pythonJSONString))"
        case (.notEqual, .string(let text)): return "a.value NOT IN (\(text), \(JSONValue.string(text).pythonJSONString))"
        case (.rlike, _):
            let all: SQL = "traces t JOIN assessments a ON a.trace_id = t.id WHERE \(scope) AND a.name = \(comparison.key)"
            return "a.value IN (\(try matches(comparison, "a.value", of: all)))"
        case (_, .string): return try comparison.condition(on: "a.value", dialect)
        default: return try comparison.condition(on: "a.number", dialect)
        }
    }

    /// A subquery for the row IDs of the traces of sessions.
    ///
    /// - Parameter first: the session if there is only one, which lets PostgreSQL use its index.
    private func traces(ofSessions condition: SQL, first: String?) -> SQL {
        var indexed: SQL = ""
        if dialect == .postgresql, let first { indexed = "left(z.value, 256) = left(\(first), 256) AND " }
        return "SELECT z.trace_id FROM trace_metadata z WHERE z.key = 'mlflow.trace.session' AND \(indexed)z.value \(condition)"
    }

    // MARK: Order

    /// The terms of `ORDER BY`; remaining ties are sorted by time, newest first.
    func terms(for order: [OrderBy]) -> [SQL] {
        order.map(term) + ["t.timestamp DESC", "t.trace_id"]
    }

    private func term(_ order: OrderBy) -> SQL {
        let collation: SQL = dialect == .sqlite ? "" : " COLLATE \"C\""
        switch order.entity {
        case .tag:
            let value: SQL = "(SELECT g.value FROM trace_tags g WHERE g.trace_id = t.id AND g.key = \(order.key))\(collation)"
            return .sorted(by: value, ascending: order.ascending)
        case .metadata:
            let value: SQL = "(SELECT m.value FROM trace_metadata m WHERE m.trace_id = t.id AND m.key = \(order.key))\(collation)"
            return .sorted(by: value, ascending: order.ascending)
        default:
            // These columns are never NULL, so the index provides the order.
            if order.key == "timestamp_ms" { return order.ascending ? "t.timestamp" : "t.timestamp DESC" }
            let isText = ["request_id", "client_request_id", "status"].contains(order.key)
            let column = Self.column(order.key)
            return .sorted(by: isText ? "\(column)\(collation)" : column, ascending: order.ascending)
        }
    }

    /// The column of an attribute; the grammar admits no other keys.
    private static func column(_ key: String) -> SQL {
        switch key {
        case "client_request_id": "t.client_request_id"
        case "status": "t.state"
        case "timestamp_ms": "t.timestamp"
        case "execution_time_ms": "t.duration"
        case "end_time_ms": "(t.timestamp + COALESCE(t.duration, 0))"
        case "experiment_id": "t.experiment_id"
        default: "t.trace_id"
        }
    }
}
