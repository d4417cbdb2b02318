/// A node of a filter's syntax, such as a key, a value or a keyword.
struct SyntaxNode {
    var kind: Kind
    /// Its byte range in the source.
    var span: Range<Int>

    enum Kind {
        /// A key, or a value written like a key: `name`, `` tag.`a b` ``, `"a b"`.
        case identifier
        case text, integer, float
        /// `(…)`, whose content is not parsed before its meaning is known.
        case parenthesis
        /// `name(…)`
        case function
        /// Operands joined by arithmetic operators. Never valid, but errors quote it as one clause.
        case operation
        /// A type's name and a string, as in `date '2025-01-01'`.
        case typedText
        /// `[…]`
        case brackets
        case placeholder, null
        /// A comparison: see ``Clause/comparison``.
        case comparison
        /// Nodes separated by commas.
        case list
        /// A node followed by an identifier, which is an alias in SQL.
        case aliased
        case keyword, type, comma
        /// Anything else.
        case other
    }
}
