/// A filter that we deliberately interpret differently from MLflow.
struct Deviation {
    enum Ours {
        /// Accepted, and printed like this.
        case reads(String)
        case refuses(String)
    }

    let grammar: String
    let filters: [String: Ours]

    static func ours(_ grammar: String, _ filter: String) -> Ours? {
        all.lazy.filter { $0.grammar == grammar }.compactMap { $0.filters[filter] }.first
    }

    static let all: [Deviation] = [
        // MLflow treats the quotes around a key as part of the key, so that nothing is ever found.
        Deviation(
            grammar: "evaluationDatasets",
            filters: [
                "tags.`a b` = 'x'": .reads("tags.`a b` = 'x'"),
                "tags.\"a b\" = 'x'": .reads("tags.`a b` = 'x'"),
                "tags.'a b' = 'x'": .reads("tags.`a b` = 'x'"),
                "tags.`a``b` = 'x'": .reads("tags.`a``b` = 'x'"),
                "tags.`it's` = 'x'": .reads("tags.`it's` = 'x'"),
                "tags.`mlflow.user` = 'x'": .reads("tags.mlflow.user = 'x'"),
                "tags.`1` != 'x'": .reads("tags.`1` != 'x'"),
            ]),
        Deviation(
            grammar: "loggedModels",
            filters: [
                "tags.\"a b\" = 'x'": .reads("tags.`a b` = 'x'"),
                "tags.'a b' = 'x'": .reads("tags.`a b` = 'x'"),
                "params.\"a b\" = 'x'": .reads("params.`a b` = 'x'"),
                "params.'a b' = 'x'": .reads("params.`a b` = 'x'"),
                "\"name\" = 'a'": .reads("name = 'a'"),
            ]),
        // MLflow treats double quotes as part of the value, but not single quotes at its end.
        Deviation(
            grammar: "loggedModels",
            filters: [
                "name = \"a\"": .reads("name = 'a'"),
                "name = \"a\".\"b\"": .reads("name = 'a\".\"b'"),
                "name = \"it's\"": .reads("name = \"it's\""),
                "name = 'C:\\dir\\' AND name = \"b\"": .reads("name = 'C:\\dir\\' AND name = \"b\""),
                "name = date '2025-01-01'": .reads("name = \"date '2025-01-01'\""),
            ]),
        // An empty key is valid, as in MLflow's other searches.
        Deviation(
            grammar: "loggedModels",
            filters: [
                "tags. = 'x'": .reads("tags. = 'x'"),
                "params. = 'x'": .reads("params. = 'x'"),
            ]),
        // Lists contain strings, as in other searches.
        Deviation(
            grammar: "loggedModels",
            filters: [
                "name IN ()": .refuses(
                    "While parsing a list in the query, expected a non-empty list of string values, but got empty list"),
                "name IN (1, 2)": .refuses(
                    """
                    While parsing a list in the query, expected string value, punctuation, or whitespace, \
                    but got different type in list: (1, 2)
                    """),
                "name IN ('a', 1)": .refuses(
                    """
                    While parsing a list in the query, expected string value, punctuation, or whitespace, \
                    but got different type in list: ('a', 1)
                    """),
            ]),
        // MLflow reports the invalid operator first.
        Deviation(
            grammar: "loggedModels",
            filters: [
                "5 > 3": .refuses(unknownKey("5")),
                "5 < metrics.a": .refuses(unknownKey("5")),
                "5 < creation_timestamp": .refuses(unknownKey("5")),
                "last_updated_time > 5": .refuses(unknownKey("last_updated_time")),
            ]),
        // MLflow tests for a tag with this unusual name.
        Deviation(
            grammar: "runs",
            filters: [
                "tags.a = 'x' tags.b IS NULL": .refuses(
                    "Invalid clause(s) in filter string: 'tags.a = 'x' tags.b', 'IS', 'NULL'"),
                "tags.a b IS NULL": .refuses("Invalid clause(s) in filter string: 'tags.a b', 'IS', 'NULL'"),
            ]),
        // MLflow fails on numbers that overflow in its database.
        Deviation(
            grammar: "runs",
            filters: [
                "start_time > 99999999999999999999": .reads("start_time > 1e20")
            ]),
        Deviation(
            grammar: "traces",
            filters: [
                "timestamp_ms > 99999999999999999999": .reads("timestamp_ms > 1e20")
            ]),
        // MLflow compares a time with a string.
        Deviation(
            grammar: "traces",
            filters: [
                "timestamp_ms > '5'": .reads("timestamp_ms > 5"),
                "timestamp_ms > \"5\"": .reads("timestamp_ms > 5"),
                "timestamp_ms > 'abc'": .refuses("Invalid value for numeric attribute 'timestamp_ms': 'abc'"),
            ]),
        // MLflow replaces aliases of attributes in the keys of everything else as well.
        Deviation(
            grammar: "traces",
            filters: [
                "tags.timestamp = 'x'": .reads("tags.timestamp = 'x'"),
                "metadata.timestamp = 'x'": .reads("metadata.timestamp = 'x'"),
                "feedback.timestamp = 'x'": .reads("feedback.timestamp = 'x'"),
                "issue.name = 'a'": .refuses("Invalid issue attribute 'name'. Supported attributes: id"),
            ]),
        // MLflow removes these backquotes later.
        Deviation(
            grammar: "traces",
            filters: [
                "span.attributes.`gen ai` LIKE '%a%'": .reads("span.`attributes.gen ai` LIKE '%a%'")
            ]),
        // MLflow quotes the first clause twice.
        Deviation(
            grammar: "traces",
            filters: [
                "timestamp LIKE 'a'": .refuses("Invalid clause(s) in filter string: 'timestamp', 'LIKE', ''a''")
            ]),
    ]

    private static func unknownKey(_ key: String) -> String {
        """
        Invalid attribute key '\(key)' specified. Valid keys are '{'artifact_location', 'creation_time', \
        'creation_timestamp', 'creation_timestamp_ms', 'experiment_id', 'last_updated_timestamp', \
        'last_updated_timestamp_ms', 'lifecycle_stage', 'model_id', 'model_type', 'name', 'source_run_id', 'status', \
        'status_message'}'
        """
    }
}
