/// The header `tracestate`: a list of `KEY=VALUE` for tracing systems, which is only passed on.
enum TraceState {
    private static let memberLimit = 32
    /// Characters of a key, and of a value.
    private static let lengthLimit = 256

    /// Returns the value of the header if it is valid and not empty, otherwise `nil`: an invalid list must be discarded as a whole.
    ///
    /// The keys are those of level 2 of the specification, which include all keys of level 1.
    static func validated(_ text: String) -> String? {
        var count = 0
        for member in text.utf8.split(separator: UInt8(ascii: ",")) {
            let member = trimmed(member)
            // Empty members are allowed.
            guard !member.isEmpty else { continue }
            count += 1
            guard count <= memberLimit, isValid(member) else { return nil }
        }
        return count > 0 ? text : nil
    }

    private static func trimmed(_ member: Substring.UTF8View) -> Substring.UTF8View {
        var member = member.drop(while: isBlank)
        while let last = member.last, isBlank(last) { member.removeLast() }
        return member
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isValid(_ member: Substring.UTF8View) -> Bool {
        guard let separator = member.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let (key, value) = (member[..<separator], member[separator...].dropFirst())
        guard let first = key.first, isAlphanumeric(first), !value.isEmpty else { return false }
        return key.count <= lengthLimit && value.count <= lengthLimit
            && key.allSatisfy { isAlphanumeric($0) || "_-*/@".utf8.contains($0) }
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
