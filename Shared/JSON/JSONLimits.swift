/// How large a JSON text may become when it is parsed. The parser stops at the first excess, so refusing a text costs no more than
/// reading it up to there.
///
/// The number of bytes alone doesn't bound memory: an array of `{"":0}` takes 32 times the memory of its text. The number of nodes does.
/// A node is a value or the name of a member, and takes at most ``bytesPerNode`` bytes, so the standard million takes 128 MB.
package struct JSONLimits: Sendable, Hashable {
    /// Bytes of text.
    package let maximumBytes: Int
    /// Values and names of members. The members that ``JSONObject/init(parsing:members:limits:)`` leaves out don't count.
    package let maximumNodes: Int
    /// Arrays and objects inside one another, which bounds the parser's use of the stack.
    package let maximumDepth: Int

    package init(maximumBytes: Int = .max, maximumNodes: Int = 1_000_000, maximumDepth: Int = 100) {
        self.maximumBytes = maximumBytes
        self.maximumNodes = maximumNodes
        self.maximumDepth = min(maximumDepth, Self.maximumSupportedDepth)
    }

    /// The limits of text from outside. A batch of 1,000 metrics has 9,000 nodes, 2,048 inputs for embeddings 2,048, an image one.
    package static let standard = JSONLimits()

    /// The limits of a provider's whole response, of which a client needs every value: a number of an embedding takes about eight
    /// bytes at least, so as many as fit the bytes are allowed. What the values take must be reserved before, see ``JSONFootprint``.
    package static let responses = JSONLimits(maximumBytes: 64 << 20, maximumNodes: 8 << 20)

    /// For text that has been parsed within other limits before, or that this process has written itself.
    package static let trusted = JSONLimits(maximumNodes: .max, maximumDepth: maximumSupportedDepth)

    /// The greatest depth that any limit can allow. To read, write and quote a value of that depth takes less than 96 KiB of stack, and
    /// less than 1 MiB in a debug build; measured with arrays in objects.
    package static let maximumSupportedDepth = 256

    /// The most memory that a node takes, in bytes, beside text that is longer than 16 bytes. Measured in arrays of 300,000: 75 for
    /// `{"":0}`, 70 for `[[0]]`, 117 for `{"0123456789abcdef":"0123456789abcdef"}`.
    package static let bytesPerNode = 128

    /// One of the limits.
    package enum Kind: Sendable, Hashable {
        case bytes, nodes, depth
    }

    /// The reason that is given when a limit is exceeded.
    func reason(_ kind: Kind) -> String {
        switch kind {
        case .bytes: "longer than \(maximumBytes) bytes"
        case .nodes: "more than \(maximumNodes) values and member names"
        case .depth: "nested deeper than \(maximumDepth) levels"
        }
    }
}

extension JSONValue {
    /// The number of nodes, as ``JSONLimits`` counts them.
    package var nodeCount: Int {
        switch self {
        case .null, .bool, .integer, .number, .string: 1
        case .array(let values): values.reduce(1) { $0 + $1.nodeCount }
        case .object(let object): object.members.reduce(1) { $0 + 1 + $1.value.nodeCount }
        }
    }
}
