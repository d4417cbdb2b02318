/// An element of an XML document, with the subset of XML that S3's responses use.
///
/// Attributes, comments and processing instructions are skipped. Document type declarations, and so custom entities, are rejected.
struct XMLNode: Sendable, Equatable {
    /// The name without the namespace prefix.
    let name: String
    var text = ""
    var children: [XMLNode] = []

    /// The error for an invalid document, with the offset in bytes.
    struct ParseError: Error, Equatable {
        let offset: Int
    }

    /// Parses a document and returns its root element.
    init(parsing document: some Sequence<UInt8>) throws(ParseError) {
        var reader = XMLReader(document)
        self = try reader.document()
    }

    init(name: String) {
        self.name = name
    }

    /// The first child with a name.
    subscript(_ name: String) -> XMLNode? {
        children.first { $0.name == name }
    }

    /// All children with a name, in order.
    func all(_ name: String) -> [XMLNode] {
        children.filter { $0.name == name }
    }

    /// Escapes text for the content of an element.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20: result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
