internal import Synchronization

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
