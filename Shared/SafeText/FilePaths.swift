internal import Foundation

/// Removes the paths of local files from a text.
enum FilePaths {
    private static let paths: [NSRegularExpression] = [
        #"file://[^\s"'`<>,;()]++"#,
        // Paths in the usual directories for programs and data. The path of a URL follows a host, so it doesn't match.
        #"(?<![\w:/.~%@+-])/(?:usr|home|root|opt|var|srv|apps?|etc|tmp|mnt|data|workspace|work|build|src|lib|lib64|private|Users|proc|run|sys|code|nix|databricks|local_disk0|Library|Applications|s?bin|media|layers|vllm-workspace)/[^\s"'`,;:()<>\[\]{}|\\]++"#,
        // Source files and libraries in any directory.
        #"(?<![\w:/.~%@+-])(?:/[\w.@+~-]+)+\.(?:pyc?|java|jar|class|m?js|cjs|tsx?|go|rs|rb|php|cs|cc|cpp|swift|so|scala|kt)\b"#,
        // Relative paths of these with a line number: src/main.rs:3.
        #"(?<![\w:/.~%@+-])(?:[\w@+-][\w.@+-]{0,100}/)++[\w.@+-]{1,100}\.(?:pyc?|java|jar|class|m?js|cjs|tsx?|go|rs|rb|php|cs|cc|cpp|swift|so|scala|kt)(?=:\d)"#,
        // ./src/a.py, ../x.py, ~/x
        #"(?<![\w:/.~%@+-])(?:\.{1,2}/)++(?:[\w.@+~-]{1,100}/)*+[\w@+~-]{1,100}(?:\.[\w-]{1,100})*+(?<=\.(?:py|pyc|java|jar|class|js|mjs|cjs|ts|tsx|go|rs|rb|php|cs|cc|cpp|swift|so|scala|kt|yml|yaml|toml|ini|env))(?![\w])"#,
        #"(?<![\w:/.~%@+-])~(?:[A-Za-z_][\w.-]{0,32})?/[^\s"'`,;:()<>\[\]{}|\\]++"#,
        // \\server\share, also with escaped backslashes
        #"(?<![\w\\:])(?:\\{2}[A-Za-z0-9][\w.$-]{1,100}(?:\\[^\s"'`<>|:,;()\\]++)++|\\{4}[A-Za-z0-9][\w.$-]{1,100}(?:\\{2}[^\s"'`<>|:,;()\\]++)++)"#,
        #"\b[A-Za-z]:\\++(?:[^\s\\"'`<>|:,;()]++\\*+)++"#,
    ].compactMap { try? NSRegularExpression(pattern: $0) }

    /// The text with each path replaced by `[path]`.
    static func removed(from text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) else { return text }
        var text = text
        for expression in paths { text = Redaction.replacing(expression, in: text, with: "[path]") }
        return text
    }
}
