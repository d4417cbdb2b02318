/// A stretch of a filter that belongs together, such as a key, a value or a word.
struct Piece {
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
        /// Pieces with commas between them.
        case list
        /// A piece and an identifier behind it, which SQL takes for its alias.
        case aliased
        case keyword, type, comma
        /// Anything else.
        case other
    }
}

/// A comparison as it is written, before a ``Grammar`` gives it a meaning.
struct WrittenComparison {
    var key: Piece
    /// As written, but `NOT IN`, `IS NULL` and `IS NOT NULL` in capitals with single spaces.
    var `operator`: String
    /// Missing for `IS NULL` and `IS NOT NULL`.
    var value: Piece?
}

/// One member of the sequence that a filter is: a comparison, the word AND, or something that doesn't belong there.
struct Clause {
    var piece: Piece
    /// There if the piece's kind is `.comparison`.
    var comparison: WrittenComparison?

    init(_ piece: Piece) { self.piece = piece }

    init(_ comparison: WrittenComparison, upTo end: Int) {
        self.comparison = comparison
        piece = Piece(kind: .comparison, span: comparison.key.span.lowerBound..<end)
    }
}

/// Why a text is not a single sequence of clauses.
enum SyntaxFault: Error {
    /// Only white space.
    case empty
    /// More than one statement, parted by semicolons.
    case several
    /// More tokens than ``Tokenizer/maximumTokens``.
    case tooLong
    /// Parentheses nested deeper than ``Brackets/maximumDepth``.
    case tooDeep
}
