internal import HTTPTypes
internal import Hummingbird
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// The kinds of MLflow's records that this server doesn't support yet.
///
/// MLflow's UI lists them on pages of other records too, such as traces. So lists are empty, reads of a single record return "not
/// found", and writes fail with an error that gives the reason.
struct UnsupportedEntityRoutes: Sendable {
    private struct Kind {
        /// The plural name of the records in error messages.
        let plural: String
        /// The API version, as in `/api/VERSION/mlflow/`.
        var version = "3.0"
        /// What lists and reads require.
        var reading: AccessRequirement = .read(.experiment)
        var changing: AccessRequirement = .edit(.experiment)
        let lists: [(HTTPRequest.Method, String)]
        let reads: [(HTTPRequest.Method, String)]
        let changes: [(HTTPRequest.Method, String)]
    }

    private static let kinds = [
        Kind(
            plural: "evaluation datasets",
            lists: [(.get, "datasets/search"), (.post, "datasets/search")],
            reads: [(.get, "datasets/{id}"), (.get, "datasets/{id}/records"), (.get, "datasets/{id}/experiment-ids")],
            changes: [
                (.post, "datasets/create"), (.delete, "datasets/{id}"), (.post, "datasets/{id}/records"),
                (.delete, "datasets/{id}/records"),
                (.patch, "datasets/{id}/tags"), (.delete, "datasets/{id}/tags/{key}"), (.post, "datasets/{id}/add-experiments"),
                (.post, "datasets/{id}/remove-experiments"),
            ]),
        Kind(
            plural: "judges",
            lists: [(.get, "scorers/list")],
            reads: [(.get, "scorers/get"), (.get, "scorers/versions")],
            changes: [
                (.post, "scorers/register"), (.delete, "scorers/delete"), (.put, "scorers/online-config"), (.post, "scorer/invoke"),
            ]),
        Kind(
            plural: "label schemas", changing: .manage(.experiment),
            lists: [(.get, "label-schemas/list")],
            reads: [(.get, "label-schemas/get"), (.get, "label-schemas/get-by-name")],
            changes: [(.post, "label-schemas/create"), (.patch, "label-schemas/update"), (.delete, "label-schemas/delete")]),
        Kind(
            plural: "review queues",
            lists: [(.get, "review-queues/list"), (.get, "review-queues/items/list")],
            reads: [(.get, "review-queues/get"), (.get, "review-queues/get-by-name")],
            changes: [
                (.post, "review-queues/create"), (.post, "review-queues/get-or-create-user"), (.post, "review-queues/update"),
                (.post, "review-queues/delete"), (.post, "review-queues/items/add"), (.post, "review-queues/items/remove"),
                (.post, "review-queues/items/set-status"),
            ]),
        Kind(
            plural: "issues",
            lists: [(.post, "issues/search")],
            reads: [(.get, "issues/{id}")],
            changes: [(.post, "issues"), (.patch, "issues/{id}"), (.post, "issues/invoke"), (.post, "issues/schedule/state")]),
        Kind(
            plural: "webhooks", version: "2.0", reading: .admin, changing: .admin,
            lists: [(.get, "webhooks")],
            reads: [(.get, "webhooks/{id}")],
            changes: [(.post, "webhooks"), (.patch, "webhooks/{id}"), (.delete, "webhooks/{id}"), (.post, "webhooks/{id}/test")]),
    ]

    func register(on routes: APIRoutes) {
        for kind in Self.kinds {
            for (method, path) in kind.lists {
                routes.mlflow(method, path, version: kind.version, requires: kind.reading) { _, _ in EmptyResponse() }
            }
            register(kind.reads, of: kind, requires: kind.reading, on: routes) {
                .doesNotExist("Not found. This server doesn't support \($0) yet.")
            }
            register(kind.changes, of: kind, requires: kind.changing, on: routes) {
                ServiceError(.notImplemented, "This server doesn't support \($0) yet.")
            }
        }
        routes.mlflow(.get, "scorers/online-configs", version: "3.0", requires: .read(.experiment)) { fields, _ in
            guard !(try fields.strings("scorer_ids")).isEmpty else { throw MessageFields.missing("scorer_ids") }
            return ["configs": []] as JSONValue
        }
    }

    private func register(
        _ requests: [(HTTPRequest.Method, String)], of kind: Kind, requires requirement: AccessRequirement, on routes: APIRoutes,
        rejectedWith error: @escaping @Sendable (_ plural: String) -> ServiceError
    ) {
        let plural = kind.plural
        for (method, path) in requests {
            routes.raw(method, "\(kind.version)/mlflow/\(path)", requires: requirement) { _, _ in throw error(plural) }
        }
    }
}
