internal import Database
internal import MLflowAPI
internal import SearchFilter
internal import WireProtocol

/// The comparisons of a search as SQL. Comparisons of attributes are conditions on `runs r`; each other one selects the row IDs of
/// the runs that it matches.
struct RunConditions {
    /// Conditions on `runs r`, all of which must hold.
    private(set) var attributes: [SQL] = []
    /// Statements with one column `run_id`; a run must be in all of them.
    private(set) var matches: [SQL] = []
    /// Statements with one column `run_id`; a run must be in none of them.
    private(set) var exclusions: [SQL] = []

    private let experiments: [Int64]
    private let dialect: Dialect
    private var valuesLeft = maximumValues

    /// The maximum number of experiment and key IDs in all statements together. Each comparison lists the IDs of all experiments,
    /// so without a limit a request of half a megabyte could cause statements of gigabytes.
    private static let maximumValues = 250_000

    /// - Parameter keys: returns the key IDs of a name in the searched experiments.
    init(_ comparisons: [Comparison], experiments: [Int64], dialect: Dialect, keys: (String) throws -> [Int64]) throws {
        self.experiments = experiments
        self.dialect = dialect
        for comparison in comparisons { try add(comparison, keys) }
    }

    private mutating func add(_ comparison: Comparison, _ keys: (String) throws -> [Int64]) throws {
        switch comparison.entity {
        case .attribute where comparison.key == "run_name":
            // As in MLflow, a search for the name uses the tag that duplicates it.
            try add(comparison, of: "tags", try keys(RunTag.name))
        case .attribute: attributes.append(try comparison.condition(on: Self.column(comparison.key), dialect))
        case .metric:
            let condition = try comparison.condition(onMetric: "value", isNaN: "is_nan", dialect)
            let list = try list(try keys(comparison.key))
            matches.append("SELECT run_id FROM latest_metrics WHERE key_id IN (\(list)) AND \(condition)")
        case .parameter: try add(comparison, of: "params", try keys(comparison.key))
        case .tag: try add(comparison, of: "tags", try keys(comparison.key))
        case .dataset: matches.append(try dataset(comparison))
        default: throw FilterError("Invalid search expression type '\(comparison.entity.rawValue)'")
        }
    }

    private mutating func add(_ comparison: Comparison, of table: SQL, _ keys: [Int64]) throws {
        let rows: SQL = "SELECT run_id FROM \(table) WHERE key_id IN (\(try list(keys)))"
        switch comparison.operator {
        case .isNull: exclusions.append(rows)
        case .isNotNull: matches.append(rows)
        default: matches.append("\(rows) AND \(indexed(comparison))\(try comparison.condition(on: "value", dialect))")
        }
    }

    /// An additional condition for PostgreSQL's index, which contains only the beginning of a string. Equal strings have equal
    /// beginnings.
    private func indexed(_ comparison: Comparison) -> SQL {
        guard dialect == .postgresql, comparison.operator == .equal, case .string(let text) = comparison.literal else { return "" }
        return "left(value, 256) = left(\(text), 256) AND "
    }

    private mutating func list(_ numbers: [Int64]) throws -> SQL {
        valuesLeft -= numbers.count
        guard valuesLeft >= 0 else {
            throw ServiceError.invalidParameter(
                "The filter has too many comparisons for the number of experiments. Search fewer experiments at once.")
        }
        return .list(numbers)
    }

    private mutating func dataset(_ comparison: Comparison) throws -> SQL {
        if comparison.key == "context" {
            return """
                SELECT run_id FROM run_input_tags
                WHERE key = 'mlflow.data.context' AND \(try comparison.condition(on: "value", dialect))
                """
        }
        let column: SQL = comparison.key == "digest" ? "d.digest" : "d.name"
        return """
            SELECT i.run_id FROM datasets d JOIN run_inputs i ON i.dataset_id = d.id
            WHERE d.experiment_id IN (\(try list(experiments))) AND \(try comparison.condition(on: column, dialect))
            """
    }

    /// The column of an attribute. The grammar rejects other keys.
    static func column(_ key: String) -> SQL {
        switch key {
        case "status": "r.status"
        case "user_id": "r.user_id"
        case "artifact_uri": "r.artifact_uri"
        case "start_time": "r.start_time"
        case "end_time": "r.end_time"
        case "run_name": "r.name"
        default: "r.run_uuid"
        }
    }
}
