/// What a route requires of its caller: a level of access to a kind of resource.
///
/// Every route declares one (`APIRoutes.at`), so that access control needs no list of its own. The levels are those of MLflow's
/// permissions, in ascending order, each of which includes the lower ones.
package struct AccessRequirement: Sendable, Hashable {
    /// How much a caller may do.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        /// No permission is required, not even a login: probes, static files, API descriptions.
        case `public`
        /// May read the resource, and find it in a list or a search.
        case read
        /// May call it: inference on a gateway route.
        case use
        /// May create the resource, or change it and what belongs to it.
        case edit
        /// May delete the resource, and decide who else has access.
        case manage
        /// Reserved for administrators of the service.
        case admin
    }

    /// The kind of resource that a permission is granted on.
    package enum Resource: String, Sendable, Hashable, CaseIterable {
        /// An experiment with its runs, logged models, traces and their artifacts.
        case experiment
        /// A registered model or a prompt, with its versions and aliases.
        case registeredModel = "registered model"
        /// A route (MLflow: an endpoint) of the gateway.
        case gatewayRoute = "gateway route"
        /// The service as a whole: what belongs to no other resource, such as its metrics.
        case service
    }

    package let level: Level
    package let resource: Resource

    private init(_ level: Level, _ resource: Resource) {
        self.level = level
        self.resource = resource
    }

    package static let `public` = AccessRequirement(.public, .service)
    package static let admin = AccessRequirement(.admin, .service)
    package static func read(_ resource: Resource) -> AccessRequirement { AccessRequirement(.read, resource) }
    package static func use(_ resource: Resource) -> AccessRequirement { AccessRequirement(.use, resource) }
    package static func edit(_ resource: Resource) -> AccessRequirement { AccessRequirement(.edit, resource) }
    package static func manage(_ resource: Resource) -> AccessRequirement { AccessRequirement(.manage, resource) }
}

extension AccessRequirement: CustomStringConvertible {
    package var description: String {
        switch level {
        case .public, .admin: level.rawValue
        case .read, .use, .edit, .manage: "\(level.rawValue) (\(resource.rawValue))"
        }
    }
}
