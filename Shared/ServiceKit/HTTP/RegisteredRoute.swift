package import HTTPTypes

/// A route, as it was registered.
package struct RegisteredRoute: Sendable {
    package let method: HTTPRequest.Method
    /// The path, with parameters in braces.
    package let path: String
    package let requirement: AccessRequirement
    package let execution: HandlerExecution
}
