/// Splits our own scripts into statements.
enum PostgreSQLScript {
    /// The statements of a script. Each ends with a semicolon; semicolons in a function body between `$$` and `$$` don't count.
    static func statements(of script: String) -> [String] {
        var statements = [""]
        for (index, part) in script.split(separator: "$$", omittingEmptySubsequences: false).enumerated() {
            let isQuoted = index % 2 == 1
            if index > 0 { statements[statements.count - 1] += "$$" }
            guard !isQuoted else {
                statements[statements.count - 1] += part
                continue
            }
            for (position, piece) in part.split(separator: ";", omittingEmptySubsequences: false).enumerated() {
                if position > 0 { statements.append("") }
                statements[statements.count - 1] += piece
            }
        }
        return statements.map { String($0.trimmingPrefix { $0.isWhitespace }) }.filter { !$0.isEmpty }
    }
}
