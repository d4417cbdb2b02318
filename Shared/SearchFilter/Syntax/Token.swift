/// The smallest piece of a filter: a kind and the bytes of the source that it covers.
struct Token {
    var kind: Kind
    var span: Range<Int>

    enum Kind {
        /// A word that is not reserved, or anything in back-quotes or `[brackets]`.
        case name
        /// Text in double quotes: a key or a value, up to the place where it stands.
        case symbol
        /// Text in single quotes.
        case text
        case integer, float
        /// `=`, `<=`, `LIKE`, `NOT LIKE` and the like, known or not.
        case comparison
        /// `+`, `-`, `/`, `*` and the like.
        case arithmetic, wildcard
        /// A reserved word of SQL. `NOT NULL`, `ORDER BY` and `GROUP BY` are one token each.
        case keyword
        /// A reserved word that names a data type, such as `TIMESTAMP`.
        case type
        /// `ASC` or `DESC`, with `NULLS FIRST` or `NULLS LAST` if that follows.
        case order
        /// `.`, `->` or `->>`: what follows is a member of what stands before.
        case member
        /// `::`
        case cast
        case comma, semicolon, openParenthesis, closeParenthesis, openBracket, closeBracket
        /// `?`, `:name`, `$1`, `%s`
        case placeholder
        /// A comment, or anything else that has no place in a filter.
        case other
    }
}
