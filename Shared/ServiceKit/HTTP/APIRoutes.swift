internal import HTTPServer
package import HTTPTypes
package import Hummingbird
package import WireProtocol

/// Registers a service's routes.
package struct APIRoutes {
    package typealias Handler = @Sendable (Request, ServiceRequestContext) async throws -> Response

    package let router: Router<ServiceRequestContext>
    /// The format in which the handlers' errors are returned.
    package let errorFormat: ErrorFormat
    let registered: RegisteredRoutes

    package init(router: Router<ServiceRequestContext>) {
        self.init(router: router, errorFormat: .mlflow, registered: RegisteredRoutes())
    }

    private init(router: Router<ServiceRequestContext>, errorFormat: ErrorFormat, registered: RegisteredRoutes) {
        self.router = router
        self.errorFormat = errorFormat
        self.registered = registered
    }

    /// A group of the service's routes whose handlers' errors are returned in another format.
    package func group(errors format: ErrorFormat) -> APIRoutes {
        APIRoutes(router: router, errorFormat: format, registered: registered)
    }

    /// All routes that have been registered, in the order of their registration.
    package var all: [RegisteredRoute] { registered.all }

    /// Registers a handler for exactly this path.
    ///
    /// - Parameters:
    ///   - requirement: the access that the route declares; nothing checks it yet.
    ///   - execution: where the handler runs. Only a handler that never blocks and computes for a millisecond at most may run on the
    ///     event loop, which saves two switches between threads.
    package func at(
        _ method: HTTPRequest.Method, _ path: String, requires requirement: AccessRequirement,
        execution: HandlerExecution = .offEventLoop, _ handler: @escaping Handler
    ) {
        registered.insert(RegisteredRoute(method: method, path: path, requirement: requirement, execution: execution))
        router.on(RouterPath(path), method: method) { [errorFormat] request, context in
            // The response is written on the event loop, wherever the handler runs.
            context.connection?.willHandle(route: path, errors: errorFormat)
            do {
                return switch execution {
                case .onEventLoop: try await handler(request, context)
                case .offEventLoop: try await offEventLoop(on: .handlers) { try await handler(request, context) }
                }
            } catch {
                throw error.formatted(as: errorFormat)
            }
        }
    }
}
