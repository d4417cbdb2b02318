/// The value of a block string, `"""…"""` (spec.graphql.org, "Block String Semantics").
enum GraphQLBlockString {
    /// Joins the lines after removing their common indentation and leading and trailing blank lines.
    static func text(ofLines lines: [[UInt8]]) -> String {
        let indentation = lines.dropFirst().filter { !isBlank($0) }.map { $0.prefix(while: isSpace).count }.min() ?? 0
        var lines = lines.enumerated().map { index, line in index == 0 ? line[...] : line.dropFirst(indentation) }[...]
        lines = lines.drop { isBlank($0) }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        return String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isBlank(_ line: some Collection<UInt8>) -> Bool { line.allSatisfy(isSpace) }
}
