internal import HTTPServer
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MLflowAPI
internal import ServiceKit
internal import WireProtocol

/// `/graphql`.
struct GraphQLRoutes: Sendable {
    let resolvers: MLflowResolvers

    func register(on routes: APIRoutes) {
        for method in [HTTPRequest.Method.get, .post] {
            routes.at(method, "/graphql", requires: .read(.experiment)) { request, context in try await handle(request, context) }
        }
    }

    private func handle(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        var limitedContext = context
        limitedContext.limits.bodyBytes = min(context.limits.bodyBytes, GraphQLLimits.standard.bodyBytes)
        let fields = try await MessageFields.read(from: request, context: limitedContext)
        return try await offEventLoop { .json(await respond(to: try Self.request(fields), context)) }
    }

    private static func request(_ fields: MessageFields) throws -> GraphQLRequest {
        let query = try fields.requiredString("query")
        let name = try fields.string("operationName")
        switch try fields.value("variables") {
        case nil: return GraphQLRequest(query: query, operationName: name)
        case .object(let variables)?: return GraphQLRequest(query: query, operationName: name, variables: variables)
        case let other?: throw MessageFields.wrongType("variables", other)
        }
    }

    private func respond(to request: GraphQLRequest, _ context: ServiceRequestContext) async -> GraphQLResponse {
        let plan: GraphQLPlan
        do throws(GraphQLRequestError) {
            plan = try GraphQLPlan(request, schema: MLflowSchema.schema)
        } catch {
            return GraphQLResponse(errors: error.errors)
        }
        do throws(GraphQLError) {
            try MLflowQueryCost.check(plan.selection)
        } catch {
            return GraphQLResponse(errors: [error])
        }
        return await plan.execute { field throws(GraphQLError) in
            do {
                return try await resolvers.resolve(field, context)
            } catch let error as GraphQLError {
                throw error
            } catch {
                let serviceError = ServiceError(error)
                // The response's status is 200, so nothing else would log the error.
                context.log(serviceError, ["path": "/graphql", "field": "\(field.name)"])
                throw GraphQLError("\(untruncated: serviceError.message)")
            }
        }
    }
}
