internal import Database
internal import HTTPTypes
internal import MLflowAPI
internal import SearchFilter
internal import ServiceDatabase
internal import ServiceKit
internal import WireProtocol

/// The route `registered-models/search`.
struct RegisteredModelSearch: Sendable {
    private static let defaultPageSize: Int64 = 100
    private static let maximumPageSize: Int64 = 1000

    let database: any Database

    func register(on routes: APIRoutes) {
        routes.mlflow(.get, "registered-models/search", requires: .read(.registeredModel)) { fields, _ in
            let request = try SearchRequest(fields, defaultLimit: Self.defaultPageSize, limit: Self.maximumPageSize)
            return PageResponse(name: "registered_models", try await page(request.parsed(by: .registeredModels)))
        }
    }

    func page(_ search: ParsedSearch) async throws -> Page<RegisteredModel> {
        try await database.readResponse { connection in
            let condition = try Self.condition(search.comparisons, connection.dialect)
            let order = Self.order(search.order)
            let rows = try RegisteredModelRows.rows(
                where: "\(condition) ORDER BY \(order) LIMIT \(search.rowLimit) OFFSET \(search.offset)", connection)
            let page = Page(found: rows, size: search.limit, offset: search.offset)
            return Page(items: try RegisteredModelRows.complete(page.items, connection), nextOffset: page.nextOffset)
        }
    }

    private static func condition(_ comparisons: [Comparison], _ dialect: Dialect) throws -> SQL {
        let scope = PromptScope(comparisons)
        var conditions = try scope.comparisons.map { comparison -> SQL in
            switch comparison.entity {
            case .tag:
                "m.id IN (SELECT model_id FROM registered_model_tags WHERE \(try TagConditions.condition(comparison, dialect)))"
            default: try comparison.condition(on: "m.name", dialect)
            }
        }
        if scope.hidesPrompts {
            conditions.append(
                """
                NOT EXISTS (SELECT 1 FROM registered_model_tags prompt WHERE prompt.model_id = m.id AND \(PromptScope.promptTag))
                """)
        }
        return .all(conditions)
    }

    private static func order(_ keys: [OrderBy]) -> SQL {
        var terms = keys.map { key -> SQL in
            let column: SQL = key.key == "name" ? "m.name" : "m.last_update_time"
            // These columns are never NULL, so the order needs no NULLS clause.
            return key.ascending ? column : "\(column) DESC"
        }
        if !keys.contains(where: { $0.key == "name" }) { terms.append("m.name") }
        return terms.joined(separator: ", ")
    }
}
