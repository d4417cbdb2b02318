/// A stretch of a filter that belongs together, such as a key, a value or a word.
struct SyntaxNode {
    var kind: Kind
    /// The bytes of the source that it covers.
    var span: Range<Int>

    enum Kind {
        /// A key, or a value that is written like one: `name`, `` tag.`a b` ``, `"a b"`.
        case identifier
        case text, integer, float
        /// `(…)`; what is inside is not looked at before its meaning is known.
        case parenthesis
        /// `name(…)`
        case function
        /// Operands joined by arithmetic signs. Never valid, but told as one in errors.
        case operation
        /// A type's name and a text, as in `date '2025-01-01'`.
        case typedText
        /// `[…]`
        case brackets
        case placeholder, null
        /// A comparison: see ``Clause/comparison``.
        case comparison
        /// Nodes with commas between them.
        case list
        /// A node and an identifier behind it, which SQL takes for its alias.
        case aliased
        case keyword, type, comma
        /// Anything else.
        case other
    }
}

/// A comparison as it is written, before a ``Grammar`` gives it a meaning.
struct ParsedComparison {
    var key: SyntaxNode
    /// As written, but `NOT IN`, `IS NULL` and `IS NOT NULL` in capitals with single spaces.
    var `operator`: String
    /// Missing for `IS NULL` and `IS NOT NULL`.
    var value: SyntaxNode?
}

/// One member of the sequence that a filter is: a comparison, the word AND, or something that doesn't belong there.
struct Clause {
    var node: SyntaxNode
    /// There if the node's kind is `.comparison`.
    var comparison: ParsedComparison?

    init(_ node: SyntaxNode) { self.node = node }

    init(_ comparison: ParsedComparison, upTo end: Int) {
        self.comparison = comparison
        node = SyntaxNode(kind: .comparison, span: comparison.key.span.lowerBound..<end)
    }
}

/// Why a text is not a single sequence of clauses.
enum SyntaxError: Error {
    /// Only white space.
    case empty
    /// More than one statement, parted by semicolons.
    case multipleStatements
    /// More tokens than ``Tokenizer/maximumTokens``.
    case tooLong
    /// Parentheses nested deeper than ``BracketPairs/maximumDepth``.
    case tooDeep
}
