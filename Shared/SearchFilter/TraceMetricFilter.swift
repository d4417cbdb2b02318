internal import JSON

/// A condition of a query for trace metrics, such as `trace.status = 'OK'`.
package struct TraceMetricFilter: Sendable, Hashable {
    /// The property that the condition compares.
    package enum Subject: Sendable, Hashable {
        case traceStatus
        case traceTag(String)
        case traceMetadata(String)
        case spanName, spanStatus, spanType
        case assessmentName, assessmentType
    }

    package let subject: Subject
    /// The value that the property must equal.
    package let value: String

    /// Parses a filter, which must have exactly one comparison.
    package init(parsing filter: String) throws(FilterError) {
        try FilterLimits.check(filter, "filter")
        guard !filter.isEmpty else { throw Self.notOneClause(filter) }
        let source = Source(filter)
        let clauses: [Clause]
        do throws(SyntaxError) {
            clauses = try ClauseParser.clauses(of: source)
        } catch {
            switch error {
            case .empty: throw FilterError("Invalid filter '\(filter)'. Could not be parsed.")
            case .multipleStatements:
                throw FilterError(
                    "Search filter contained multiple expression \(PythonRepr.quoted(filter)). Provide AND-ed expression list.")
            case .tooLong, .tooDeep: throw FilterError("Error on parsing filter '\(filter)'")
            }
        }
        let invalid = clauses.filter { $0.comparison == nil }.map { source.text($0.node.span) }
        guard invalid.isEmpty else {
            throw FilterError("Invalid clause(s) in filter string: \(invalid.joined(separator: ", "))")
        }
        // MLflow parses all comparisons before it counts them.
        var filters: [(subject: Subject, value: String)] = []
        for clause in clauses {
            guard let comparison = clause.comparison else { continue }
            filters.append(try Self.parse(comparison, source))
        }
        guard filters.count == 1, let only = filters.first else { throw Self.notOneClause(filter) }
        (subject, value) = only
    }

    private static func notOneClause(_ filter: String) -> FilterError {
        FilterError("Invalid filter: '\(filter)'. Expected one filter clause.")
    }

    private static func parse(_ comparison: ParsedComparison, _ source: Source) throws(FilterError) -> (Subject, String) {
        let key = source.text(comparison.key.span)
        guard comparison.key.kind == .identifier else {
            throw FilterError("Invalid comparison clause. Expected 'Identifier' found '\(key)'")
        }
        let subject = try subject(key)
        guard comparison.operator == "=", let node = comparison.value else {
            throw FilterError("Invalid comparator: '\(comparison.operator)', only '=' operator is supported")
        }
        let text = source.text(node.span)
        guard node.kind == .text || node.kind == .identifier else {
            throw FilterError(
                """
                Expected a quoted string value for \(subject.entity) value (e.g. 'my-value'). Got value \(text)
                """)
        }
        let value = text.unquoted("'", "\"")
        guard value.utf8.count < text.utf8.count else {
            throw FilterError(
                """
                Parameter value is either not quoted or unidentified quote types used for string value \(text). Use either single \
                or double quotes.
                """)
        }
        return (subject, value)
    }

    private static func subject(_ written: String) throws(FilterError) -> Subject {
        let parts = written.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2 else {
            throw FilterError(
                """
                Invalid identifier \(PythonRepr.quoted(written)). Columns should be specified as 'trace.<key>', 'span.<key>', \
                'assessment.<key>'.
                """)
        }
        let view = parts[0].unquoted("`")
        guard let entities = entities.first(where: { $0.view == view })?.entities else {
            let views = PythonRepr.list(Self.entities.map(\.view))
            throw FilterError("Invalid view type '\(view)'. Valid values are dict_keys(\(untruncated: views))")
        }
        guard let entity = entities.first(where: { $0.name == parts[1] }) else {
            throw FilterError(
                """
                Invalid entity '\(parts[1])' specified for view type '\(view)'. Valid entities are \
                \(untruncated: PythonRepr.list(entities.map(\.name)))
                """)
        }
        let key = parts.count > 2 ? parts[2] : nil
        switch (entity.subject, key) {
        case (.plain(let subject), nil): return subject
        case (.keyed(let subject), let key?): return subject(key.unquotedKey)
        case (.plain, _):
            throw FilterError("Filtering by \(entity.name) does not require a key, use '\(view).\(entity.name)' instead")
        case (.keyed, nil):
            throw FilterError("Filtering by \(entity.name) requires a key, e.g. '\(view).\(entity.name).<key> = <value>'")
        }
    }

    private struct Entity: Sendable {
        enum Kind: Sendable {
            case plain(Subject)
            case keyed(@Sendable (String) -> Subject)
        }

        let name: String
        let subject: Kind
    }

    private static let entities: [(view: String, entities: [Entity])] = [
        (
            "trace",
            [
                Entity(name: "status", subject: .plain(.traceStatus)),
                Entity(name: "tag", subject: .keyed { .traceTag($0) }),
                Entity(name: "metadata", subject: .keyed { .traceMetadata($0) }),
            ]
        ),
        (
            "span",
            [
                Entity(name: "name", subject: .plain(.spanName)), Entity(name: "status", subject: .plain(.spanStatus)),
                Entity(name: "type", subject: .plain(.spanType)),
            ]
        ),
        (
            "assessment",
            [
                Entity(name: "name", subject: .plain(.assessmentName)),
                Entity(name: "type", subject: .plain(.assessmentType)),
            ]
        ),
    ]
}

extension TraceMetricFilter.Subject {
    /// The part of a filter's key after the first dot.
    fileprivate var entity: String {
        switch self {
        case .traceStatus, .spanStatus: "status"
        case .traceTag: "tag"
        case .traceMetadata: "metadata"
        case .spanName, .assessmentName: "name"
        case .spanType, .assessmentType: "type"
        }
    }

    /// The kind of record that the condition applies to.
    package var record: TraceMetricRecord {
        switch self {
        case .traceStatus, .traceTag, .traceMetadata: .trace
        case .spanName, .spanStatus, .spanType: .span
        case .assessmentName, .assessmentType: .assessment
        }
    }
}

/// A kind of record that a condition of a query for trace metrics can apply to.
package enum TraceMetricRecord: Sendable {
    case trace, span, assessment
}
