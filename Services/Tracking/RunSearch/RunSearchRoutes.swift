internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// The route `runs/search`.
struct RunSearchRoutes: Sendable {
    let store: RunSearchStore

    func register(on routes: APIRoutes) {
        routes.mlflow(.post, "runs/search", isLarge: true) { fields, context in
            let page = try await store.search(try RunQuery(fields), memory: context.memory)
            return PageResponse(
                name: "runs", items: page.items, nextPageToken: page.nextOffset.map { PageToken.make(offset: $0) })
        }
    }
}
