/// Parses an XML document.
struct XMLReader {
    private static let maximumDepth = 32
    /// A page of a listing has 1,000 files with about ten elements each.
    private static let maximumElements = 100_000

    private let bytes: [UInt8]
    private var position = 0
    private var elements = 0

    init(_ document: some Sequence<UInt8>) {
        bytes = Array(document)
    }

    mutating func document() throws(XMLNode.ParseError) -> XMLNode {
        _ = take("\u{FEFF}")
        try skipMisc()
        let root = try element(depth: 1)
        try skipMisc()
        guard position == bytes.count else { throw malformed }
        return root
    }

    private var malformed: XMLNode.ParseError { XMLNode.ParseError(offset: position) }

    /// Parses an element from its `<` to the end of its closing tag.
    private mutating func element(depth: Int) throws(XMLNode.ParseError) -> XMLNode {
        elements += 1
        guard depth <= Self.maximumDepth, elements <= Self.maximumElements, take("<") else { throw malformed }
        let qualifiedName = try name()
        let localName = qualifiedName.split(separator: UInt8(ascii: ":")).last ?? qualifiedName
        var node = XMLNode(name: String(decoding: localName, as: UTF8.self))
        if try skipAttributes() { return node }

        var text: [UInt8] = []
        while true {
            if take("</") {
                guard try name() == qualifiedName else { throw malformed }
                skipSpace()
                guard take(">") else { throw malformed }
                node.text = String(decoding: text, as: UTF8.self)
                return node
            } else if take("<![CDATA[") {
                text += try upTo("]]>")
            } else if take("<!--") {
                _ = try upTo("-->")
            } else if take("<?") {
                _ = try upTo("?>")
            } else if take("&") {
                text += try reference()
            } else if peek == UInt8(ascii: "<") {
                node.children.append(try element(depth: depth + 1))
            } else if let byte = peek {
                text.append(byte)
                position += 1
            } else {
                throw malformed
            }
        }
    }

    /// Skips to the end of an opening tag.
    ///
    /// - Returns: whether the tag is self-closing.
    private mutating func skipAttributes() throws(XMLNode.ParseError) -> Bool {
        while let byte = peek {
            if take("/>") { return true }
            if take(">") { return false }
            if byte == UInt8(ascii: "<") { throw malformed }
            position += 1
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                _ = try upTo(byte == UInt8(ascii: "\"") ? "\"" : "'")
            }
        }
        throw malformed
    }

    /// Skips whitespace, comments and processing instructions outside the root element.
    private mutating func skipMisc() throws(XMLNode.ParseError) {
        while true {
            skipSpace()
            if take("<?") {
                _ = try upTo("?>")
            } else if take("<!--") {
                _ = try upTo("-->")
            } else {
                return
            }
        }
    }

    /// Parses the reference after an `&`.
    private mutating func reference() throws(XMLNode.ParseError) -> [UInt8] {
        let body = String(decoding: try upTo(";"), as: UTF8.self)
        switch body {
        case "amp": return Array("&".utf8)
        case "lt": return Array("<".utf8)
        case "gt": return Array(">".utf8)
        case "quot": return Array("\"".utf8)
        case "apos": return Array("'".utf8)
        default:
            let number =
                body.hasPrefix("#x")
                ? UInt32(body.dropFirst(2), radix: 16)
                : body.hasPrefix("#") ? UInt32(body.dropFirst(), radix: 10) : nil
            guard let number, let scalar = Unicode.Scalar(number) else { throw malformed }
            return Array(String(Character(scalar)).utf8)
        }
    }

    private mutating func name() throws(XMLNode.ParseError) -> ArraySlice<UInt8> {
        let start = position
        while let byte = peek, !isSpace(byte), !"<>/=\"'&".utf8.contains(byte) { position += 1 }
        guard position > start else { throw malformed }
        return bytes[start..<position]
    }

    /// The bytes before the next `end`, which is skipped.
    private mutating func upTo(_ end: StaticString) throws(XMLNode.ParseError) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            let stop = position
            if take(end) { return bytes[start..<stop] }
            position += 1
        }
        throw malformed
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private mutating func skipSpace() {
        while let byte = peek, isSpace(byte) { position += 1 }
    }

    /// Consumes `token` if it is next.
    private mutating func take(_ token: StaticString) -> Bool {
        token.withUTF8Buffer { token in
            guard bytes[position...].starts(with: token) else { return false }
            position += token.count
            return true
        }
    }
}
