internal import Database
internal import HTTPTypes
internal import MLflowAPI
internal import SearchFilter
internal import ServiceDatabase
internal import ServiceKit
internal import WireProtocol

/// The route `model-versions/search`. Its results don't include aliases.
struct ModelVersionSearch: Sendable {
    private static let maximumPageSize: Int64 = 200_000
    private static let defaultOrder = ["last_updated_timestamp DESC", "name ASC", "version_number DESC"]

    let database: any Database

    func register(on routes: APIRoutes) {
        routes.mlflow(.get, "model-versions/search", requires: .read(.registeredModel)) { fields, _ in
            let request = try SearchRequest(fields, defaultLimit: Self.maximumPageSize, limit: Self.maximumPageSize)
            return PageResponse(name: "model_versions", try await page(request.parsed(by: .modelVersions)))
        }
    }

    func page(_ search: ParsedSearch) async throws -> Page<ModelVersion> {
        let defaultOrder = try Grammar.modelVersions.order(by: Self.defaultOrder)
        return try await database.readResponse { connection in
            let condition = try Self.condition(search.comparisons, connection.dialect)
            let order = Self.order(search.order.isEmpty ? defaultOrder : search.order)
            let rows = try ModelVersionRows.rows(
                where: "\(condition) ORDER BY \(order) LIMIT \(search.rowLimit) OFFSET \(search.offset)", connection)
            var page = Page(found: rows, size: search.limit, offset: search.offset)
            try ModelVersionRows.addTags(to: &page.items, connection)
            return Page(items: page.items.map(\.version), nextOffset: page.nextOffset)
        }
    }

    private static func condition(_ comparisons: [Comparison], _ dialect: Dialect) throws -> SQL {
        let scope = PromptScope(comparisons)
        var conditions = try scope.comparisons.map { try condition($0, dialect) }
        conditions.append("v.stage <> \(ModelVersionRows.deletedStage)")
        if scope.hidesPrompts {
            // As in MLflow, one prompt version hides all versions of that name.
            conditions.append(
                """
                NOT EXISTS (SELECT 1 FROM model_version_tags prompt WHERE prompt.model_id = m.id AND \(PromptScope.promptTag))
                """)
        }
        return .all(conditions)
    }

    private static func condition(_ comparison: Comparison, _ dialect: Dialect) throws -> SQL {
        switch (comparison.entity, comparison.key) {
        case (.tag, _):
            """
            (v.model_id, v.version) IN (
                SELECT model_id, version FROM model_version_tags WHERE \(try TagConditions.condition(comparison, dialect)))
            """
        case (_, "version_number"): try comparison.condition(on: "v.version", dialect)
        case (_, "run_id"): try comparison.condition(on: "v.run_id", dialect)
        case (_, "source_path"): try comparison.condition(on: "v.source", dialect)
        default: try comparison.condition(on: "m.name", dialect)
        }
    }

    private static func order(_ keys: [OrderBy]) -> SQL {
        // These columns are never NULL, so the order needs no NULLS clause.
        var terms = keys.map { $0.ascending ? column($0.key) : "\(column($0.key)) DESC" as SQL }
        let named = Set(keys.map(\.key))
        if !named.contains("name") { terms.append("m.name") }
        if !named.contains("version_number") { terms.append("v.version DESC") }
        return terms.joined(separator: ", ")
    }

    private static func column(_ key: String) -> SQL {
        switch key {
        case "version_number": "v.version"
        case "creation_timestamp": "v.creation_time"
        case "last_updated_timestamp": "v.last_update_time"
        default: "m.name"
        }
    }
}
