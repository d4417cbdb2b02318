/// The `route_type` of a route in MLflow 2.5's gateway.
package enum MLflow25RouteType: String, Sendable, CaseIterable {
    case chat = "llm/v1/chat"
    case completions = "llm/v1/completions"
    case embeddings = "llm/v1/embeddings"
}
