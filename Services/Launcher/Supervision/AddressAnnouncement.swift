internal import ProcessKit
internal import Synchronization

/// Parses the first line that a service prints to stdout, which contains its address.
final class AddressAnnouncement: Sendable {
    private static let prefix = "listening on "

    private let address = Mutex<String?>(nil)
    /// Opens when the service has printed its address.
    let received = Latch()

    /// The URL that the service listens on; `nil` until it has printed it.
    var url: String? { address.withLock { $0 } }

    /// Parses a line of stdout.
    ///
    /// - Returns: whether the line is the announcement.
    func parse(_ line: String) -> Bool {
        guard !received.isOpen, line.hasPrefix(Self.prefix + "http") else { return false }
        address.withLock { $0 = String(line.dropFirst(Self.prefix.count)) }
        received.open()
        return true
    }
}
