internal import ArgumentParser
internal import WireProtocol

extension ExpressibleByArgument {
    /// The value of an environment variable; `nil` when it is unset. For one that can't be read, see `checkEnvironment`.
    static func environment(_ name: String) -> Self? { Environment[name].flatMap(Self.init(argument:)) }

    /// - Parameter expected: what the variable must be, for the message.
    /// - Throws: `ValidationError` when the variable is set and can't be read: a typo must not turn a limit off.
    static func checkEnvironment(_ name: String, _ expected: String) throws {
        guard let text = Environment[name], Self(argument: text) == nil else { return }
        throw ValidationError("\(name) must be \(expected), not '\(text.excerpt())'")
    }
}
