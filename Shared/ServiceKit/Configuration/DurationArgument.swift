internal import ArgumentParser

/// A duration on the command line: `500ms`, `30s`, `2m`, `1h`, or a number of seconds. Positive and at most one day.
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
