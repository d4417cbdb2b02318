package import WireProtocol

/// A client for the gateway: its catalog and its administration.
///
/// The token of the `JSONServiceClient` is one of the gateway's keys for the catalog, and the admin key for everything else. All calls
/// throw `UNAUTHENTICATED` or `PERMISSION_DENIED` without the right one, and the other errors of `JSONServiceClient.send`.
package struct GatewayClient: Sendable {
    private let client: JSONServiceClient
    private var headers: [(name: String, value: String)] = []

    package init(client: JSONServiceClient) {
        self.client = client
    }

    /// A client that also sends the given headers, such as those of a request's trace.
    package func adding(headers: [(name: String, value: String)]) -> GatewayClient {
        var client = self
        client.headers += headers
        return client
    }

    // MARK: Catalog

    /// The endpoints, providers and budgets that the key can access.
    package func catalog() async throws -> GatewayCatalog { try await call(.get, ["endpoints"]) }

    // MARK: Keys

    /// All keys, newest first, also those that are revoked or expired.
    package func keys() async throws -> [VirtualKey] {
        let response: ListKeys.Response = try await call(.get, ["keys"])
        return response.keys
    }

    /// Creates a key.
    ///
    /// - Parameters:
    ///   - name: a display name.
    ///   - routes: the routes that the key may use; `nil` for all.
    ///   - expires: a duration such as `90d`; `nil` for a key that never expires.
    /// - Throws: `BAD_REQUEST` for an invalid value.
    package func createKey(
        named name: String, team: String? = nil, routes: [String]? = nil, expires: String? = nil
    ) async throws -> IssuedKey {
        var body: JSONObject = ["name": .string(name)]
        if let team { body["team"] = .string(team) }
        if let routes { body["routes"] = .array(routes.map { .string($0) }) }
        if let expires { body["expires"] = .string(expires) }
        return try await call(.post, ["keys"], body: .object(body))
    }

    /// Revokes a key.
    ///
    /// - Throws: `NOT_FOUND` when there is no key with this ID.
    package func revokeKey(_ id: String) async throws {
        guard PathSegment.isPlain(id) else { throw ServiceError(.notFound, "There is no key '\(id)'.") }
        _ = try await client.send(.delete, Self.api + ["keys", id], headers: headers)
    }

    // MARK: Usage and limits

    /// The usage of all keys.
    ///
    /// - Parameters:
    ///   - dimensions: what rows are grouped by; without any, the report has only the total.
    ///   - last: a duration such as `7d`; `nil` for 30 days.
    /// - Throws: `BAD_REQUEST` for an invalid duration.
    package func usage(by dimensions: [UsageReport.Dimension] = [], last: String? = nil) async throws -> UsageReport {
        var query = dimensions.isEmpty ? [] : [(name: "by", value: dimensions.map(\.rawValue).joined(separator: ","))]
        if let last { query.append((name: "last", value: last)) }
        return try await call(.get, ["usage"], query)
    }

    /// How much of the limits and budgets is taken, for the counters that have a current window.
    package func limits() async throws -> [LimitUsage] {
        let response: ListLimits.Response = try await call(.get, ["limits"])
        return response.limits
    }

    // MARK: Adapters

    /// The loaded adapters, and the rejected ones with the reasons.
    package func adapters() async throws -> ListAdapters.Response { try await call(.get, ["adapters"]) }

    // MARK: Messages

    private static let api = ["api", "unladen", "1.0"]

    private func call<Response: JSONReadable>(
        _ method: JSONServiceClient.Method, _ segments: [String], _ query: [(name: String, value: String)] = [],
        body: JSONValue? = nil
    ) async throws -> Response {
        let response = try await client.send(method, Self.api + segments, query: query, headers: headers, body: body)
        do throws(MessageError) {
            return try Response(json: response)
        } catch {
            throw client.invalid(error)
        }
    }
}
