internal import AdapterHost
internal import Database
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PluginHost
internal import Primitives
internal import ServiceKit
internal import WireProtocol

/// The gateway's administration API: `/api/unladen/1.0/…`.
struct AdminRoutes: Sendable {
    let handler: InferenceHandler
    let keyIssuer: APIKeyIssuer
    let usage: UsageReports

    func register(on routes: APIRoutes) {
        let routes = routes.group(errors: .fastAPI)
        add(.get, "adapters", to: routes) { _, _ in .json(adapters()) }
        add(.get, "keys", to: routes) { _, _ in .json(ListKeys.Response(keys: try await keyIssuer.store.all())) }
        add(.post, "keys", to: routes) { request, context in try await createKey(request, context) }
        add(.delete, "keys/{id}", to: routes) { _, context in
            let id = context.pathParameter("id")
            guard try await keyIssuer.store.revoke(id: id, at: keyIssuer.time.now()) else {
                throw ServiceError.doesNotExist("There is no key '\(id.prefix(100))'.")
            }
            try await handler.keyCache.refresh()
            return .json(EmptyResponse())
        }
        add(.get, "usage", to: routes) { request, context in
            let pairs = try QueryString.pairs(of: request.uri.query ?? "", limit: context.limits.queryPairs)
            let query = try UsageQuery(pairs, now: keyIssuer.time.now())
            return .json(try await usage.report(query))
        }
        add(.get, "limits", to: routes) { _, _ in
            let rules = handler.routing.current.configuration.limits
            return .json(ListLimits.Response(limits: try await usage.limits(rules, now: keyIssuer.time.now())))
        }
    }

    private func add(
        _ method: HTTPRequest.Method, _ path: String, to routes: APIRoutes,
        _ handle: @escaping @Sendable (Request, ServiceRequestContext) async throws -> Response
    ) {
        routes.at(method, "/api/unladen/1.0/\(path)", requires: .admin) { request, context in
            try authorize(request)
            return try await handle(request, context)
        }
    }

    /// Checks the admin key, which these paths always require. A gateway without keys serves every program on its machine,
    /// including pages in a browser, so having no keys must not open administration. `unladen gateway keys create` creates the
    /// first key without the gateway.
    ///
    /// - Throws: `ServiceError` with 403 for pages of other origins or if there is no admin key, 401 for a wrong one.
    private func authorize(_ request: Request) throws {
        guard OriginGuard.isSameOrigin(request) else {
            throw ServiceError(.permissionDenied, "Pages of other origins can't administer the gateway.")
        }
        guard let admin = handler.routing.current.configuration.adminKey else {
            throw ServiceError(
                .permissionDenied,
                "Administration over HTTP requires an admin key, and the gateway has none: set admin_key in its configuration file or "
                    + "UNLADEN_ADMIN_KEY in its environment. `unladen gateway keys` and `unladen gateway usage` don't require one.")
        }
        guard let key = InferenceHandler.key(in: request.headers), APIKeyHash.of(key) == APIKeyHash.of(admin) else {
            throw ServiceError.invalidAdminKey
        }
    }

    private func createKey(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let body = try await handler.withBody(of: request, context) { $0.object }
        // A misspelled `expires` would create a key that never expires.
        if let unknown = body.members.first(where: { !["name", "team", "routes", "expires"].contains($0.name) })?.name {
            throw ServiceError.invalidParameter(
                "Unknown member '\(unknown.excerpt())'. Valid members: name, team, routes, expires.", parameter: unknown.excerpt())
        }
        guard let name = body["name"]?.stringValue else {
            throw ServiceError.invalidParameter("'name' must be a string.", parameter: "name")
        }
        func optional<Value>(_ member: String, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value? {
            guard let value = body[member], value != .null else { return nil }
            guard let read = read(value) else { throw ServiceError.invalidParameter("'\(member)' must be \(expected).", parameter: member) }
            return read
        }
        let team = try optional("team", "a string", \.stringValue)
        let routes = try optional("routes", "an array of strings") { value in
            value.arrayValue.flatMap { list in list.allSatisfy { $0.stringValue != nil } ? list.compactMap(\.stringValue) : nil }
        }
        let lifetime = try optional("expires", "a duration such as 90d") { value in
            value.stringValue.flatMap { Duration(configured: $0, needsUnit: true) }
        }
        let issued = try await keyIssuer.issue(name: name, team: team, routes: routes, lifetime: lifetime)
        try await handler.keyCache.refresh()
        return .json(issued, status: .created)
    }

    /// Returns the loaded adapters with their libraries and features, and the rejected ones with the reasons.
    private func adapters() -> ListAdapters.Response {
        let catalog = handler.routing.catalog
        return ListAdapters.Response(
            adapters: catalog.adapters.map { adapter in
                let manifest = adapter.manifest
                return ListAdapters.Adapter(
                    name: manifest.name, version: manifest.version, abi: manifest.abi, library: manifest.library,
                    providers: adapter.providers)
            },
            rejected: catalog.rejected.map { ListAdapters.Rejection(manifest: $0.manifest, reason: $0.reason) })
    }
}
