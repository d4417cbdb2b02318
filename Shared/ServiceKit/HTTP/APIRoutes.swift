internal import HTTPServer
package import HTTPTypes
package import Hummingbird
internal import Synchronization
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
            context.connection?.willHandle(route: path)
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

/// A route, as it was registered.
package struct RegisteredRoute: Sendable {
    package let method: HTTPRequest.Method
    /// The path, with parameters in braces.
    package let path: String
    package let requirement: AccessRequirement
    package let execution: HandlerExecution
}

/// The registered routes; they distinguish a wrong method (405) from an unknown path (404).
package final class RegisteredRoutes: Sendable {
    private struct State {
        var routes: [RegisteredRoute] = []
        var paths: Set<[Substring]> = []
    }

    private let state = Mutex(State())

    var all: [RegisteredRoute] { state.withLock(\.routes) }

    func insert(_ route: RegisteredRoute) {
        state.withLock { state in
            state.routes.append(route)
            state.paths.insert(route.path.split(separator: "/"))
        }
    }

    /// Whether there is a route for the path, with any method.
    func contains(path: String) -> Bool {
        let segments = path.split(separator: "/")
        return state.withLock { state in
            state.paths.contains(segments) || state.paths.contains { Self.matches($0, segments) }
        }
    }

    /// Whether a path matches a route: `{name}` matches any segment, `**` all remaining ones.
    private static func matches(_ route: [Substring], _ path: [Substring]) -> Bool {
        guard route.last == "**" ? route.count <= path.count : route.count == path.count else { return false }
        return zip(route, path).allSatisfy { $0 == $1 || $0 == "**" || $0.hasPrefix("{") }
    }
}
