internal import ArgumentParser

/// A number of bytes on the command line: `1048576`, `256M` or `1G` (powers of 1024), from 1 MiB to 1 TiB.
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
