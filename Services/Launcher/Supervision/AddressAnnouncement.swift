internal import Synchronization

/// The line by which a service tells its address: the first one that it prints on stdout.
final class AddressAnnouncement: Sendable {
    private static let prefix = "listening on "

    private let address = Mutex<String?>(nil)
    /// Opens when the service has told its address.
    let received = Latch()

    /// The URL under which the service says that it listens.
    var url: String? { address.withLock { $0 } }

    /// Takes the line if it is the announcement.
    func parse(_ line: String) -> Bool {
        guard !received.isOpen, line.hasPrefix(Self.prefix + "http") else { return false }
        address.withLock { $0 = String(line.dropFirst(Self.prefix.count)) }
        received.open()
        return true
    }
}
