/// Finds the user information in URLs, `scheme://user:password@host`, even if they are escaped, and in addresses with a port,
/// `user:password@host:5432`.
enum URLUserInfo {
    /// The maximum length of a URL in bytes.
    private static let maxURLBytes = 8 << 10

    /// The ranges of the user information, without the `@`.
    static func ranges(in text: [UInt8]) -> [Range<Int>] {
        // Fast path: most texts contain no URL.
        guard
            text.contains(UInt8(ascii: "@")) || text.contains(UInt8(ascii: "%")) || text.contains(UInt8(ascii: "\\"))
                || text.contains(UInt8(ascii: "&"))
        else { return [] }
        return EscapeLayers.ranges(in: text, overlap: maxURLBytes) { URLUserInfoScanner(bytes: $0).ranges() }
    }
}

/// Scans text in linear time, even if URLs are nested.
private struct URLUserInfoScanner {
    let bytes: [UInt8]
    /// The end of the most recently read word, and its last `@`.
    private var wordEnd = 0
    private var lastAt = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    consuming func ranges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var index = 1
        while index + 3 < bytes.count {
            defer { index += 1 }
            if bytes[index] == UInt8(ascii: "@"), let password = password(before: index) { ranges.append(password) }
            guard bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/"),
                EscapeSequence.isAlphanumeric(bytes[index - 1]), let user = user(from: index + 3, isHTTP: isHTTP(before: index))
            else { continue }
            ranges.append(user)
            index = user.upperBound
        }
        return ranges
    }

    private func isHTTP(before colon: Int) -> Bool {
        let scheme = bytes[max(0, colon - 5)..<colon].map { $0 | 0x20 }
        return scheme.suffix(4).elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8)
    }

    private mutating func user(from start: Int, isHTTP: Bool) -> Range<Int>? {
        readWord(from: start)
        var authority = start
        var at: Int?
        var colon: Int?
        while authority < wordEnd, !"/?#".utf8.contains(bytes[authority]) {
            if bytes[authority] == UInt8(ascii: "@") { at = authority }
            if bytes[authority] == UInt8(ascii: ":"), colon == nil { colon = authority }
            authority += 1
        }
        let user: Range<Int>
        if let at {
            user = start..<at
            let hasPassword = colon.map { $0 < at } ?? false
            // A user without a password is a token in an HTTP URL or when it is long; otherwise it is an account name.
            guard hasPassword || (isHTTP ? !bytes[user].elementsEqual("git".utf8) : user.count >= 20) else { return nil }
        } else {
            // The password contains a slash; a port would have only digits.
            guard let colon, lastAt > authority, bytes[start] != UInt8(ascii: "["), !Self.isPort(bytes[(colon + 1)..<authority]) else {
                return nil
            }
            user = start..<lastAt
        }
        return user.isEmpty || bytes[user].starts(with: Redaction.placeholder.utf8) ? nil : user
    }

    private mutating func readWord(from start: Int) {
        guard start >= wordEnd else { return }
        wordEnd = start
        lastAt = 0
        while wordEnd < bytes.count, bytes[wordEnd] > 0x20, !"\"'`<>".utf8.contains(bytes[wordEnd]) {
            if bytes[wordEnd] == UInt8(ascii: "@") { lastAt = wordEnd }
            wordEnd += 1
        }
    }

    /// The password in `user:password@host:port`, which has no scheme.
    private func password(before at: Int) -> Range<Int>? {
        let host = bytes[(at + 1)...].prefix(Self.maxNameBytes).prefix { EscapeSequence.isAlphanumeric($0) || ".-".utf8.contains($0) }
        guard !host.isEmpty, host.endIndex + 1 < bytes.count, bytes[host.endIndex] == UInt8(ascii: ":"),
            bytes[host.endIndex + 1] != UInt8(ascii: "0"), Self.isPort(bytes[(host.endIndex + 1)...].prefix(1))
        else { return nil }
        var start = at
        var colon: Int?
        while start > max(0, at - Self.maxNameBytes), bytes[start - 1] > 0x20, !"\"'`<>/@".utf8.contains(bytes[start - 1]) {
            start -= 1
            if bytes[start] == UInt8(ascii: ":") { colon = start }
        }
        guard let colon, colon > start, colon + 1 < at, !bytes[(colon + 1)...].starts(with: Redaction.placeholder.utf8) else {
            return nil
        }
        return colon + 1..<at
    }

    /// The maximum length of a user, a password or a host, in bytes.
    private static let maxNameBytes = 256

    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
