/// Where the handler of a route runs.
package enum HandlerExecution: String, Sendable {
    /// On a separate thread pool, so that the handler may compute for as long as it needs to.
    case offEventLoop = "thread pool"
    /// On the event loop of the connection: for handlers that never block and compute for a millisecond at most.
    case onEventLoop = "event loop"
}
