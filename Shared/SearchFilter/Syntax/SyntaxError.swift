/// The reason why a filter is not a single sequence of clauses.
enum SyntaxError: Error {
    /// It contains only whitespace.
    case empty
    /// It contains several statements, separated by semicolons.
    case multipleStatements
    /// It has more tokens than ``Tokenizer/maximumTokens``.
    case tooLong
    /// Its brackets are nested deeper than ``BracketPairs/maximumDepth``.
    case tooDeep
}
