/// Where the handler of a route runs.
package enum HandlerExecution: String, Sendable {
    /// On threads of their own, which all these handlers share. What takes longer than a few milliseconds belongs in `offEventLoop`, so
    /// that other handlers don't wait for it.
    case offEventLoop = "thread pool"
    /// On the event loop of the connection: for handlers that never block and compute for a millisecond at most.
    case onEventLoop = "event loop"
}
