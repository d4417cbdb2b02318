/// The limits on a JSON document. The parser stops where a limit is exceeded, so rejecting a document costs no more than parsing it up to
/// there.
///
/// The number of bytes alone doesn't bound memory: an array of `{"":0}` uses many times the memory of its text. The number of nodes does.
/// A node is a value or a member name, and uses at most ``bytesPerNode`` bytes, so the standard limit of a million nodes bounds the
/// memory at 128 MB.
package struct JSONLimits: Sendable, Hashable {
    /// The maximum length of the document in bytes.
    package let maximumBytes: Int
    /// The maximum number of values and member names. Members that ``JSONObject/init(parsing:members:limits:)`` skips don't count.
    package let maximumNodes: Int
    /// The maximum nesting depth of arrays and objects, which bounds the parser's use of the stack.
    package let maximumDepth: Int

    package init(maximumBytes: Int = .max, maximumNodes: Int = 1_000_000, maximumDepth: Int = 100) {
        self.maximumBytes = maximumBytes
        self.maximumNodes = maximumNodes
        self.maximumDepth = min(maximumDepth, Self.maximumSupportedDepth)
    }

    /// The limits for untrusted documents. For comparison, a batch of 1,000 metrics has 9,000 nodes.
    package static let standard = JSONLimits()

    /// The limits for a provider's complete response. A number of an embedding is usually at least eight bytes long, so the nodes allow for
    /// as many numbers as fit the bytes. The memory must be reserved before parsing; see ``JSONFootprint``.
    package static let responses = JSONLimits(maximumBytes: 64 << 20, maximumNodes: 8 << 20)

    /// The limits for documents that were already parsed within other limits, or that this process has written.
    package static let trusted = JSONLimits(maximumNodes: .max, maximumDepth: maximumSupportedDepth)

    /// The greatest depth that any limit can allow. Parsing, writing and quoting a value of that depth uses less than 96 KiB of stack,
    /// and less than 1 MiB in a debug build.
    package static let maximumSupportedDepth = 256

    /// The maximum memory of a node in bytes, not counting strings longer than 16 bytes.
    package static let bytesPerNode = 128

    /// One of the limits.
    package enum Kind: Sendable, Hashable {
        case bytes, nodes, depth
    }

    /// The reason of the error when a limit is exceeded.
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
