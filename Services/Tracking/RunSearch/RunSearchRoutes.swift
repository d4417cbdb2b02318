internal import HTTPTypes
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// The route `runs/search`.
struct RunSearchRoutes: Sendable {
    let store: RunSearchStore

    func register(on routes: APIRoutes) {
        // The search runs on a database thread.
        routes.mlflow(
            .post, "runs/search", requires: .read(.experiment), execution: .onEventLoop, isLarge: { _ in true }
        ) { fields, context in
            let page = try await store.search(try RunQuery(fields), memory: context.memory)
            return PageResponse(
                name: "runs", items: page.items, nextPageToken: page.nextOffset.map { PageToken.make(offset: $0) })
        }
    }
}
