/// An estimate of the memory that a parsed JSON document needs, from one pass over its bytes that allocates nothing.
package struct JSONFootprint: Sendable, Equatable {
    /// The number of values and member names, as ``JSONLimits`` counts them.
    package private(set) var nodes = 1
    /// An upper bound of the memory that `JSONValue(parsing:)` uses for the document, in bytes. It allows for arrays and objects that have
    /// just grown, and for strings longer than a `String`'s 15 inline bytes.
    package private(set) var memory = 0

    /// A value in an array (24 bytes) or a member (40), with the spare capacity of a growing array.
    private static let perElement = 64
    /// An array's header and its first elements.
    private static let perArray = 96
    /// An object's header and its capacity for four members.
    private static let perObject = 224

    /// Scans the bytes of a document. If they aren't valid JSON, the result covers at least the part before the error.
    ///
    /// - Parameter maximumNodes: the number of nodes at which counting stops.
    package init(of bytes: some Collection<UInt8>, maximumNodes: Int = .max) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { count($0, maximumNodes) }
        if isContiguous == nil { Array(bytes).withUnsafeBufferPointer { count($0, maximumNodes) } }
    }

    private mutating func count(_ bytes: UnsafeBufferPointer<UInt8>, _ maximumNodes: Int) {
        var position = 0
        // Values and member names, not counting the document itself.
        var (values, names, arrays, objects) = (0, 0, 0, 0)
        // Whether an array or object has just begun, so that its first element or its end follows.
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

    /// - Returns: the position of the quotation mark that ends the string that begins at `start`, or the end of the bytes.
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
