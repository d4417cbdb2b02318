internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// The route `experiments/search`.
struct ExperimentSearchRoutes: Sendable {
    let search: ExperimentSearch

    func register(on routes: APIRoutes) {
        // Old clients use GET.
        for method in [HTTPRequest.Method.get, .post] {
            routes.mlflow(method, "experiments/search", requires: .read(.experiment)) { fields, _ in
                let page = try await search.find(try ExperimentQuery(fields))
                return PageResponse(
                    name: "experiments", items: page.items, nextPageToken: page.nextOffset.map { PageToken.make(offset: $0) })
            }
        }
    }
}
