import NIOCore
import Testing

@testable import HTTPServer

/// The timeouts of a connection.
@Suite struct ConnectionDeadlinesTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// Deadlines with a keep-alive of 75 s, 30 s for a header, 30 s for a body at 240 bytes per second, and 120 s for writing.
    private var deadlines = ConnectionDeadlines(ConnectionTimeouts())

    private static func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private mutating func check(_ seconds: Int64, isReading: Bool = true, unsent: Int = 0) -> ConnectionDeadlines.Awaited {
        deadlines.check(now: Self.after(seconds), isReading: isReading, unsent: unsent)
    }

    @Test mutating func `A busy connection has no deadline`() {
        deadlines.wait(for: .request, now: Self.start)
        deadlines.wait(for: .nothing, now: Self.start)
        #expect(deadlines.deadline == .distantFuture)
        #expect(check(10_000) == .nothing)
    }

    @Test(arguments: [(ConnectionDeadlines.Awaited.request, 75), (.header, 30)] as [(ConnectionDeadlines.Awaited, Int64)])
    mutating func `A request and a header must arrive in time`(_ awaited: ConnectionDeadlines.Awaited, _ seconds: Int64) {
        deadlines.wait(for: awaited, now: Self.start)
        #expect(deadlines.deadline == Self.after(seconds))
        #expect(check(seconds - 1) == .nothing)
        #expect(check(seconds) == awaited)
    }

    @Test mutating func `A body that arrives fast enough may take any time`() {
        deadlines.wait(for: .body, now: Self.start)
        for window in 1...100 as ClosedRange<Int64> {
            deadlines.receive(240 * 30)
            #expect(check(window * 30) == .nothing)
        }
    }

    @Test mutating func `A body that slows to a trickle times out, however fast it was before`() {
        deadlines.wait(for: .body, now: Self.start)
        deadlines.receive(1 << 30)
        #expect(check(30) == .nothing)
        deadlines.receive(240 * 30 - 1)
        #expect(check(60) == .body)
    }

    @Test mutating func `A body that the service doesn't read isn't late`() {
        deadlines.wait(for: .body, now: Self.start)
        #expect(check(30, isReading: false) == .nothing)
        #expect(check(60, isReading: true) == .body)
    }

    @Test mutating func `The period for a body restarts when the service resumes reading`() {
        deadlines.wait(for: .body, now: Self.start)
        deadlines.resumeReading(now: Self.after(29))
        #expect(check(30) == .nothing)
        #expect(check(58) == .nothing)
        #expect(check(59) == .body)
    }

    @Test mutating func `A client must read some of a response within each period`() {
        deadlines.startWriteTimeout(unsent: 1000, now: Self.start)
        #expect(check(120, unsent: 999) == .nothing)
        #expect(check(240, unsent: 999) == .writability)
    }

    @Test mutating func `A response that the client has read has no deadline`() {
        deadlines.startWriteTimeout(unsent: 1000, now: Self.start)
        deadlines.cancelWriteTimeout()
        #expect(deadlines.deadline == .distantFuture)
        #expect(check(500, unsent: 1000) == .nothing)
    }
}
