internal import Foundation

/// Attributes of a file that show whether it has changed. Symbolic links are resolved, since their targets may be replaced.
struct FileFingerprint: Equatable, Sendable {
    private(set) var changedAt: Date?
    private var size: Int?
    private var number: Int?

    init(_ path: String) {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else { return }
        changedAt = attributes[.modificationDate] as? Date
        size = attributes[.size] as? Int
        number = attributes[.systemFileNumber] as? Int
    }
}
