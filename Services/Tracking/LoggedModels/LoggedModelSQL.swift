internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// Builds the conditions and the order of a search for logged models. The alias `m` is a model, `x` a metric point.
struct LoggedModelSQL {
    /// The datasets that metrics must belong to; empty for any.
    let datasets: [LoggedModelDatasetFilter]
    let dialect: Dialect

    // MARK: Conditions

    func conditions(_ comparisons: [Comparison]) throws -> [SQL] {
        var conditions = try comparisons.map(condition)
        if !datasets.isEmpty, !comparisons.contains(where: { $0.entity == .metric }) {
            conditions.append("EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.id\(onDatasets))")
        }
        return conditions
    }

    private func condition(_ comparison: Comparison) throws -> SQL {
        let key = comparison.key
        switch comparison.entity {
        case .parameter:
            return try comparison.condition(
                onAnyOf: "logged_model_params p WHERE p.model_id = m.id AND p.key = \(key)", "p.value", dialect)
        case .tag:
            return try comparison.condition(
                onAnyOf: "logged_model_tags t WHERE t.model_id = m.id AND t.key = \(key)", "t.value", dialect)
        case .metric:
            let value = try comparison.condition(onMetric: "x.value", isNaN: "x.is_nan", dialect)
            return """
                EXISTS (SELECT 1 FROM logged_model_metrics x
                    WHERE x.model_id = m.id AND x.key = \(key) AND \(value)\(onDatasets))
                """
        default:
            switch key {
            case "status": return try comparison.withStatusNames.condition(on: Self.statusName, dialect)
            // The ID is an integer column, but filters compare it with strings.
            case "experiment_id": return try comparison.condition(on: "CAST(m.experiment_id AS TEXT)", dialect)
            default: return try comparison.condition(on: try Self.column(key), dialect)
            }
        }
    }

    private var onDatasets: SQL {
        guard !datasets.isEmpty else { return "" }
        return " AND " + .any(datasets.map { .all(Self.conditions(datasetName: $0.name, digest: $0.digest)) })
    }

    private static func conditions(datasetName: String?, digest: String?) -> [SQL] {
        [datasetName.map { "x.dataset_name = \($0)" }, digest.map { "x.dataset_digest = \($0)" }].compactMap(\.self)
    }

    // MARK: Order

    /// The terms of `ORDER BY`; ties are sorted newest first.
    func terms(for keys: [LoggedModelSearch.SortKey]) throws -> [SQL] {
        var terms = try keys.flatMap(terms)
        let attributes = Set(keys.filter { $0.by.entity == .attribute }.map(\.by.key))
        if !attributes.contains("creation_timestamp_ms") { terms.append("m.creation_time DESC") }
        if !attributes.contains("model_id") { terms.append("m.model_id") }
        return terms
    }

    private func terms(for key: LoggedModelSearch.SortKey) throws -> [SQL] {
        guard key.by.entity == .metric else {
            return [.sorted(by: try Self.column(key.by.key), ascending: key.by.ascending)]
        }
        let scope: [SQL] = ["x.model_id = m.id", "x.key = \(key.by.key)"]
        let latest: SQL =
            """
            FROM logged_model_metrics x JOIN runs r ON r.id = x.run_id
            WHERE \(.all(scope + Self.conditions(datasetName: key.datasetName, digest: key.datasetDigest)))
            ORDER BY x.timestamp DESC, x.step DESC, r.run_uuid, x.is_nan, x.value DESC LIMIT 1
            """
        // Numbers come first, then NaN, then models without the metric, in both directions.
        return [
            "COALESCE((SELECT x.is_nan \(latest)), 2)",
            .sorted(by: "(SELECT x.value \(latest))", ascending: key.by.ascending),
        ]
    }

    // MARK: Columns

    /// The status by the name that MLflow's clients use.
    private static let statusName: SQL =
        "CASE m.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'UNSPECIFIED' END"

    /// Returns the column of an attribute, given the column's name in MLflow's table.
    private static func column(_ attribute: String) throws -> SQL {
        switch attribute {
        case "name": "m.name"
        case "model_id": "m.model_id"
        case "model_type": "m.model_type"
        case "status": "m.status"
        case "status_message": "m.status_message"
        case "source_run_id": "m.source_run_id"
        case "experiment_id": "m.experiment_id"
        case "artifact_location": "m.artifact_uri"
        case "lifecycle_stage": "m.lifecycle_stage"
        case "creation_timestamp_ms": "m.creation_time"
        case "last_updated_timestamp_ms": "m.last_update_time"
        // Unreachable: the grammar rejects other keys.
        default: throw FilterError("Invalid attribute key '\(attribute)' specified.")
        }
    }
}

extension Comparison {
    /// The same comparison of a status, with numbers replaced by names. Clients of MLflow, whose column contains numbers, have to
    /// compare with numbers.
    fileprivate var withStatusNames: Comparison {
        let names = ["0": "UNSPECIFIED", "1": "PENDING", "2": "READY", "3": "FAILED"]
        var comparison = self
        switch literal {
        case .string(let text): comparison.literal = .string(names[text] ?? text)
        case .list(let texts): comparison.literal = .list(texts.map { names[$0] ?? $0 })
        default: break
        }
        return comparison
    }
}
