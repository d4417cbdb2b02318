/// What a route is meant to require of its caller: a level of access to a kind of resource.
///
/// Every route declares one (`APIRoutes.at`), so that access control will need no list of its own. Nothing checks it yet, except tests,
/// which write it to `docs/routes.md`. The levels are those of MLflow's permissions, in ascending order, each of which includes the lower
/// ones.
package struct AccessRequirement: Sendable, Hashable {
    /// What the caller does with the resource.
    package enum Level: String, Sendable, Hashable, CaseIterable {
        /// Nothing that needs a permission or a login: probes, static files, API descriptions.
        case `public`
        /// Reading the resource, and finding it in a list or a search.
        case read
        /// Calling it: inference on a gateway route.
        case use
        /// Creating the resource, or changing it and what belongs to it.
        case edit
        /// Deleting the resource, and deciding who else has access.
        case manage
        /// What is reserved for administrators of the service.
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
