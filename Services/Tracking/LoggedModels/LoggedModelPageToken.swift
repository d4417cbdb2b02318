internal import SearchFilter
internal import WireProtocol

/// MLflow's page tokens for searches of logged models: base64 of JSON with the query and an offset, so that a token can't be used
/// with another query.
enum LoggedModelPageToken {
    /// In bytes; enough for the longest filter and experiment IDs that a request can contain.
    private static let maximumLength = 4 << 20

    static func make(for query: LoggedModelQuery, offset: Int) -> String {
        let token = JSONObject([
            .init(name: "experiment_ids", value: .array(query.experimentIDs.map(JSONValue.string))),
            .init(name: "filter_string", value: query.filter.map(JSONValue.string) ?? .null),
            .init(name: "order_by", value: order(of: query)),
            .init(name: "offset", value: .integer(Int64(offset))),
        ])
        return PageToken.encode(token)
    }

    /// Returns the offset in the query's token, or 0 without a token.
    ///
    /// - Throws: `ServiceError` for a malformed token or the token of another query.
    static func offset(for query: LoggedModelQuery) throws -> Int {
        guard let text = query.pageToken else { return 0 }
        guard let token = PageToken.decode(text, maximumLength: maximumLength),
            let offset = PageToken.position(token["offset"] ?? .integer(0))
        else { throw ServiceError.invalidParameter("Invalid page token: \(text)") }
        let experiments = JSONValue.array(query.experimentIDs.map(JSONValue.string))
        try require(token["experiment_ids"], experiments, "Experiment IDs", "experiment IDs")
        try require(token["filter_string"], query.filter.map(JSONValue.string) ?? .null, "Filter string", "filter string")
        try require(token["order_by"], order(of: query), "Order by", "order by")
        return offset
    }

    private static func require(_ found: JSONValue?, _ expected: JSONValue, _ subject: StaticString, _ part: StaticString) throws {
        guard (found ?? .null) != expected else { return }
        throw ServiceError.invalidParameter(
            "\(subject) in the page token do\(subject.description.hasSuffix("s") ? "" : "es") not match the requested \(part)."
                + " Expected: \(python(expected.excerpt())). Found: \(python((found ?? .null).excerpt()))")
    }

    private static func order(of query: LoggedModelQuery) -> JSONValue {
        guard !query.order.isEmpty else { return .null }
        return .array(
            query.order.map { order in
                .object(
                    JSONObject([
                        .init(name: "field_name", value: .string(order.fieldName)),
                        .init(name: "ascending", value: .bool(order.ascending)),
                        .init(name: "dataset_name", value: order.datasetName.map(JSONValue.string) ?? .null),
                        .init(name: "dataset_digest", value: order.datasetDigest.map(JSONValue.string) ?? .null),
                    ]))
            })
    }

    /// Formats a part of a token as in MLflow's messages: a string unchanged, anything else as Python's `repr`.
    private static func python(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return printed(value)
    }

    private static func printed(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .string(let text): PythonRepr.quoted(text)
        case .array(let values): "[" + values.map(printed).joined(separator: ", ") + "]"
        case .object(let object):
            "{" + object.members.map { "\(PythonRepr.quoted($0.name)): \(printed($0.value))" }.joined(separator: ", ") + "}"
        case .integer, .number: value.jsonString
        }
    }
}
