import Foundation

/// The root of the repository from which the tests were built.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A Swift file of the repository.
struct SourceFile {
    /// Its path in the repository.
    var path: String
    /// Its lines, except those that consist of a comment.
    var lines: [Line]

    struct Line {
        var number: Int
        var text: String

        /// Whether the line contains a text. Much faster than a regular expression, which debug builds don't optimize.
        func contains(_ text: String) -> Bool { strstr(self.text, text) != nil }

        /// Whether the line contains any of the texts.
        func contains(anyOf texts: [String]) -> Bool { texts.contains { contains($0) } }
    }

    /// The modules that it imports.
    var imports: Set<String> {
        Set(
            lines.filter { $0.contains("import ") }.compactMap { line in
                line.text.firstMatch(
                    of:
                        /^\s*(?:@\w+(?:\(.*?\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
                )
                .map { String($0.1) }
            })
    }

    /// All Swift files in a directory of the repository.
    static func all(in directory: String) throws -> [SourceFile] {
        let root = repository.appendingPathComponent(directory).path
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            let text = try String(contentsOfFile: root + "/" + name, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
                Line(number: $0.offset + 1, text: String($0.element))
            }
            return SourceFile(
                path: directory + "/" + name,
                lines: lines.filter { !$0.text.drop { $0 == " " }.hasPrefix("//") })
        }
    }
}
