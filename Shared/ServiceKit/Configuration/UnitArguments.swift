internal import ArgumentParser
internal import WireProtocol

/// A duration on the command line: `500ms`, `30s`, `2m`, `1h`, or a number of seconds; more than zero, a day at most.
package struct DurationArgument: ExpressibleByArgument, Sendable, Equatable, CustomStringConvertible {
    package let duration: Duration
    package let description: String

    package init?(argument: String) {
        let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("", 1000)]
        guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }),
            let number = Double(argument.dropLast(unit.suffix.count)), number > 0, number * unit.milliseconds <= 86_400_000
        else { return nil }
        duration = .milliseconds(Int64((number * unit.milliseconds).rounded(.up)))
        description = argument
    }

    package static func seconds(_ seconds: Int) -> Self {
        Self(duration: .seconds(seconds), description: "\(seconds)s")
    }

    private init(duration: Duration, description: String) {
        self.duration = duration
        self.description = description
    }

    package var defaultValueDescription: String { description }
}

/// A number of bytes on the command line: `1048576`, `256M` or `1G` (powers of 1024); a megabyte at least, a terabyte at most.
package struct ByteCountArgument: ExpressibleByArgument, Sendable, Equatable, CustomStringConvertible {
    package let bytes: Int

    private static let maximum = 1 << 40

    package init(bytes: Int) {
        self.bytes = bytes
    }

    package init?(argument: String) {
        let shifts: [(suffix: String, shift: Int)] = [("K", 10), ("M", 20), ("G", 30), ("", 0)]
        guard let unit = shifts.first(where: { argument.uppercased().hasSuffix($0.suffix) }),
            let number = Int(argument.dropLast(unit.suffix.count)), number > 0, number <= Self.maximum >> unit.shift
        else { return nil }
        bytes = number << unit.shift
        guard bytes >= 1 << 20 else { return nil }
    }

    package var description: String {
        bytes % (1 << 20) == 0 ? "\(bytes >> 20)M" : "\(bytes)"
    }

    package var defaultValueDescription: String { description }
}

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
