internal import SearchFilter
internal import ServiceKit
internal import WireProtocol

/// A search as it was asked for: filter, order and page.
struct SearchRequest: Sendable {
    let filter: String
    let maxResults: Int64
    let order: [String]
    let pageToken: String?

    /// Reads the fields, which are the same for models and versions.
    ///
    /// - Parameters:
    ///   - defaultLimit: how many results a page has when the request doesn't say.
    ///   - limit: how many it can have.
    init(_ fields: RequestFields, defaultLimit: Int64, limit: Int64) throws {
        filter = try fields.string("filter") ?? ""
        maxResults = try fields.integer("max_results") ?? defaultLimit
        if maxResults > limit, let value = try fields.value("max_results") {
            throw RequestFields.wrongType("max_results", value)
        }
        order = try fields.strings("order_by")
        pageToken = try fields.string("page_token")
    }

    /// - Throws: what is wrong with any of the parts.
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

/// A search that is known to make sense.
struct ParsedSearch: Sendable {
    var comparisons: [Comparison]
    var order: [OrderBy]
    /// Results on a page; far from the largest number.
    var limit: Int
    var offset: Int

    /// What `LIMIT` reads: one row more than the page has, to tell whether it is the last.
    var rowLimit: Int { limit + 1 }
}
