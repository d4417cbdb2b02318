import ServiceKit
import Testing

/// Durations and sizes on the command line.
@Suite struct CommandLineArgumentTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("30", .seconds(30)), ("1.5m", .seconds(90)),
        ("24h", .seconds(86_400)),
    ])
    func `Durations have a unit or are in seconds`(_ text: String, _ duration: Duration) {
        #expect(DurationArgument(argument: text)?.duration == duration)
    }

    @Test(arguments: ["", "s", "0s", "-1s", "25h", "nan", "infs", "1 s", "1d", "1e999s"])
    func `Invalid durations are rejected`(_ text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        ("1048576", 1 << 20), ("2048k", 2 << 20), ("256M", 256 << 20), ("2G", 2 << 30), ("4294967296", 1 << 32),
        ("3000000K", 3_000_000 << 10),
    ])
    func `Sizes have a unit or are in bytes`(_ text: String, _ bytes: Int) {
        #expect(ByteCountArgument(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["256M", "3000000K", "4294967296"])
    func `The description of a size can be parsed`(_ text: String) throws {
        let size = try #require(ByteCountArgument(argument: text))
        #expect(ByteCountArgument(argument: size.description) == size)
    }

    @Test(arguments: ["", "M", "0", "1023K", "-1M", "1.5M", "9999999999999999999", "99999999999G"])
    func `Invalid sizes are rejected`(_ text: String) {
        #expect(ByteCountArgument(argument: text) == nil)
    }
}
