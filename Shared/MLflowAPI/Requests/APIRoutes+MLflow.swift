internal import HTTPServer
package import HTTPTypes
internal import Hummingbird
package import ServiceKit
package import WireProtocol

/// MLflow's API: routes under `/api` for clients and again under `/ajax-api` for browsers.
extension APIRoutes {
    package typealias MLflowHandler<Output: JSONWritable & Sendable> =
        @Sendable (_ fields: MessageFields, _ context: ServiceRequestContext) async throws -> Output

    /// Registers a handler for `/api/2.0/mlflow/…`, which receives the request's fields and returns the response.
    ///
    /// - Parameters:
    ///   - requirement: the access that the route declares; nothing checks it yet.
    ///   - execution: where the handler runs. A request with a large body is handled off the event loop anyway.
    ///   - isLarge: for a handler on the event loop, whether encoding a response as JSON may take more than a few milliseconds; it is then
    ///     encoded off the event loop.
    package func mlflow<Output>(
        _ method: HTTPRequest.Method, _ path: String, version: String = "2.0", requires requirement: AccessRequirement,
        execution: HandlerExecution = .offEventLoop, isLarge: @escaping @Sendable (Output) -> Bool = { _ in false },
        _ handler: @escaping MLflowHandler<Output>
    ) {
        raw(method, "\(version)/mlflow/\(path)", requires: requirement, execution: execution) { request, context in
            try await MessageFields.handle(request, context) { fields in
                let response = try await handler(fields, context)
                return isLarge(response) ? await offEventLoop { .json(response) } : .json(response)
            }
        }
    }

    /// Registers a handler for `/api/PATH` and `/ajax-api/PATH` that reads the request and creates the response itself.
    package func raw(
        _ method: HTTPRequest.Method, _ path: String, requires requirement: AccessRequirement,
        execution: HandlerExecution = .offEventLoop, _ handler: @escaping Handler
    ) {
        for prefix in ["/api/", "/ajax-api/"] {
            at(method, prefix + path, requires: requirement, execution: execution, handler)
        }
    }
}
