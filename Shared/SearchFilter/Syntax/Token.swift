/// A token of a filter: its kind and its byte range in the source.
struct Token {
    var kind: Kind
    var span: Range<Int>

    enum Kind {
        /// A word that isn't reserved, or any text in backquotes or `[brackets]`.
        case name
        /// Text in double quotes: a key or a value, depending on its position.
        case symbol
        /// Text in single quotes.
        case text
        case integer, float
        /// A comparison operator such as `=`, `<=`, `LIKE` or `NOT LIKE`, valid or not.
        case comparison
        /// An arithmetic operator such as `+`, `-` or `/`.
        case arithmetic, wildcard
        /// A reserved word of SQL. `NOT NULL`, `ORDER BY` and `GROUP BY` are single tokens.
        case keyword
        /// A reserved word that names a data type, such as `TIMESTAMP`.
        case type
        /// `ASC` or `DESC`, with `NULLS FIRST` or `NULLS LAST` if that follows.
        case order
        /// `.`, `->` or `->>`: precedes a member of the preceding node.
        case member
        /// `::`
        case cast
        case comma, semicolon, openParenthesis, closeParenthesis, openBracket, closeBracket
        /// `?`, `:name`, `$1`, `%s`
        case placeholder
        /// A comment, or anything else that is invalid in a filter.
        case other
    }
}
