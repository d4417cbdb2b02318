/// What the values of a JSON document will take in memory, from one pass over its bytes that builds nothing.
package struct JSONFootprint: Sendable, Equatable {
    /// Values and names of members, as ``JSONLimits`` counts them.
    package private(set) var nodes = 1
    /// Bytes of memory that `JSONValue(parsing:)` takes for the document, rounded up: measured with arrays and objects that have just
    /// grown, and strings that don't fit into a `String`'s own 15 bytes.
    package private(set) var memory = 0

    /// A value in an array (24 bytes) or a member (40), with the room that a growing array holds in reserve.
    private static let perElement = 64
    /// An array's header and its first elements.
    private static let perArray = 96
    /// An object's header and room for four members.
    private static let perObject = 224

    /// Reads the bytes of a document. They needn't be valid JSON: the result is then that of the part before the fault, or more.
    ///
    /// - Parameter maximumNodes: counting ends when there are more.
    package init(of bytes: some Collection<UInt8>, maximumNodes: Int = .max) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { count($0, maximumNodes) }
        if isContiguous == nil { Array(bytes).withUnsafeBufferPointer { count($0, maximumNodes) } }
    }

    private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, _ maximumNodes: Int) {
        var position = 0
        // Values and names of members, beside the one value that the document is.
        var (values, names, arrays, objects) = (0, 0, 0, 0)
        // Whether an array or object has just begun, so that what comes next is its first element or its end.
        var hasBegun = false
        while position < bytes.count, values &+ names < maximumNodes {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
            case UInt8(ascii: "]"), UInt8(ascii: "}"): hasBegun = false
            default:
                if hasBegun { values &+= 1 }
                hasBegun = false
                switch byte {
                case UInt8(ascii: ","): values &+= 1
                case UInt8(ascii: ":"): names &+= 1
                case UInt8(ascii: "["): (arrays, hasBegun) = (arrays &+ 1, true)
                case UInt8(ascii: "{"): (objects, hasBegun) = (objects &+ 1, true)
                case UInt8(ascii: "\""): position = Self.endOfString(bytes, after: position)
                default: break
                }
            }
            position &+= 1
        }
        nodes = values &+ names &+ 1
        memory = bytes.count &+ values &* Self.perElement &+ arrays &* Self.perArray &+ objects &* Self.perObject
    }

    /// - Returns: the position of the quotation mark that ends the string which begins at `start`; the end of the bytes if none does.
    private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
        var position = start &+ 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""): return position
            case UInt8(ascii: "\\"): position &+= 2
            default: position &+= 1
            }
        }
        return bytes.count
    }
}
