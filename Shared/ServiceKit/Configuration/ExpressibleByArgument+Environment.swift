package import ArgumentParser
internal import WireProtocol

extension ExpressibleByArgument {
    /// The value of an environment variable; `nil` when it is unset or invalid. `checkEnvironment` reports invalid values.
    package static func environment(_ name: String) -> Self? { Environment[name].flatMap(Self.init(argument:)) }

    /// Checks that an environment variable is unset or valid, so that a typo can't disable a limit.
    ///
    /// - Parameter expected: a description of the allowed values, for the message.
    /// - Throws: `ValidationError` when the variable has an invalid value.
    package static func checkEnvironment(_ name: String, _ expected: String) throws {
        guard let text = Environment[name], Self(argument: text) == nil else { return }
        throw ValidationError("\(name) must be \(expected), not '\(text.excerpt())'.")
    }
}
