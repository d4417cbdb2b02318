internal import SearchFilter
internal import WireProtocol

/// The filter, order and page of a search request, not yet parsed.
struct SearchRequest: Sendable {
    let filter: String
    let maxResults: Int64
    let order: [String]
    let pageToken: String?

    /// Reads the fields, which are the same for models and versions.
    ///
    /// - Parameters:
    ///   - defaultLimit: the page size if the request doesn't specify one.
    ///   - limit: the maximum page size.
    init(_ fields: MessageFields, defaultLimit: Int64, limit: Int64) throws {
        filter = try fields.string("filter") ?? ""
        maxResults = try fields.integer("max_results") ?? defaultLimit
        if maxResults > limit, let value = try fields.value("max_results") {
            throw MessageFields.wrongType("max_results", value)
        }
        order = try fields.strings("order_by")
        pageToken = try fields.string("page_token")
    }

    /// Parses filter, order and page token.
    ///
    /// - Throws: `ServiceError` or `FilterError` if any of them is invalid.
    func parsed(by grammar: Grammar) throws -> ParsedSearch {
        guard let limit = Int(exactly: maxResults), limit > 0 else {
            throw ServiceError.invalidParameter(
                "Invalid value for max_results. It must be a positive integer, but got \(maxResults)")
        }
        let comparisons = try grammar.comparisons(in: filter)
        let order = try grammar.order(by: order)
        return ParsedSearch(
            comparisons: comparisons, order: order, limit: limit, offset: try PageToken.offset(of: pageToken))
    }
}

/// A valid search.
struct ParsedSearch: Sendable {
    var comparisons: [Comparison]
    var order: [OrderBy]
    /// The page size; far below `Int.max`, so adding to it can't overflow.
    var limit: Int
    var offset: Int

    /// The value of `LIMIT`: one more than the page size, to detect whether another page follows.
    var rowLimit: Int { limit + 1 }
}
