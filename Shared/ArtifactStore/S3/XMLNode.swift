/// An element of an XML document: as much of XML as S3's responses need.
///
/// Attributes, comments and processing instructions are skipped; a document type is refused, and with it every entity
/// but the predefined ones.
struct XMLNode: Sendable, Equatable {
    /// Without a namespace prefix.
    let name: String
    var text = ""
    var children: [XMLNode] = []

    /// Why a document could not be read; `offset` is in bytes.
    struct ParseError: Error, Equatable {
        let offset: Int
    }

    /// The root element of a document.
    init(parsing document: some Sequence<UInt8>) throws(ParseError) {
        var reader = XMLReader(document)
        self = try reader.document()
    }

    init(name: String) {
        self.name = name
    }

    /// The first child of that name.
    subscript(_ name: String) -> XMLNode? {
        children.first { $0.name == name }
    }

    /// All children of that name, in order.
    func all(_ name: String) -> [XMLNode] {
        children.filter { $0.name == name }
    }

    /// `text` as it must stand between tags.
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
