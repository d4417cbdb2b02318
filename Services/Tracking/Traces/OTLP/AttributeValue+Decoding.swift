internal import WireProtocol

extension AttributeValue {
    /// The maximum nesting depth of JSON in a string. Each level becomes up to four in the stored JSON.
    private static let maximumDepth = 60

    /// The maximum number of values and names in a string that is decoded temporarily: for a preview, an amount or a translation.
    private static let maximumNodes = 100_000

    /// The value that a string contains as JSON, if that is a string, array or object; any other value is returned unchanged. As in
    /// MLflow's server, this reverses the encoding of exporters that don't support nested values.
    var decoded: AttributeValue {
        var reader = Self.reader(nodes: Self.maximumNodes)
        return decoded(&reader)
    }

    /// An estimate of the bytes needed to decode the value, in addition to those of the string itself.
    func memoryToDecode(nodes: Int) -> Int {
        guard case .string(let text) = self, let first = text.utf8.first, Self.openingBytes.contains(first) else { return 0 }
        // The memory holds it both as a JSON value and as an attribute value.
        return 2 * JSONFootprint(of: text.utf8, maximumNodes: nodes).memory
    }

    /// The first characters of a JSON string, array or object.
    private static let openingBytes = [UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\"")]

    /// Decodes the value with a parser that several values share. A string that exceeds the parser's remaining limit is returned
    /// unchanged.
    func decoded(_ reader: inout NestedJSONParser) -> AttributeValue {
        guard case .string(let text) = self, let first = text.utf8.first,
            Self.openingBytes.contains(first), let value = reader.value(text)
        else { return self }
        return AttributeValue(value)
    }

    /// Returns a parser for JSON in strings.
    ///
    /// - Parameter nodes: the maximum number of values and names in all strings together.
    static func reader(nodes: Int) -> NestedJSONParser {
        NestedJSONParser(limits: JSONLimits(maximumNodes: nodes, maximumDepth: maximumDepth))
    }
}
