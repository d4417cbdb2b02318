/// The client that makes a request.
struct Caller: Sendable {
    /// The network address of the client.
    var address: String
    /// `nil` if the request has no key.
    var keyID: String?
    var keyName: String?
    var team: String?
    /// The routes that the caller may use; `nil` for all.
    var routes: [String]?

    /// Whether the caller may use a route.
    func mayUse(_ route: String) -> Bool { routes?.contains(route) ?? true }
}
