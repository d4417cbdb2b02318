/// Who makes a request.
struct Caller: Sendable {
    /// The address that the connection comes from.
    var address: String
    /// `nil` without a key.
    var keyID: String?
    var keyName: String?
    var team: String?
    /// The routes that are open to it; `nil`: all.
    var routes: [String]?

    func mayUse(_ route: String) -> Bool { routes?.contains(route) ?? true }
}
