/// The format of AWS's shared files: `[section]` lines, `key = value` lines, and comment lines that start with `#` or `;`.
struct INIFile {
    /// The values by section and lower-case key.
    private(set) var sections: [String: [String: String]] = [:]

    init(_ text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // Indented lines are nested settings, which aren't needed here.
            guard let first = line.first, !first.isWhitespace, first != "#", first != ";" else { continue }
            let line = Self.trimmed(line)
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = Self.trimmed(line.dropFirst().dropLast())
            } else if let section, let separator = line.firstIndex(of: "=") {
                let key = Self.trimmed(line[..<separator]).lowercased()
                sections[section, default: [:]][key] = Self.trimmed(line[line.index(after: separator)...])
            }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}
