/// A comparison as written, before a ``Grammar`` interprets it.
struct ParsedComparison {
    var key: SyntaxNode
    /// The operator as written, except that `NOT IN`, `IS NULL` and `IS NOT NULL` are uppercase with single spaces.
    var `operator`: String
    /// `nil` for `IS NULL` and `IS NOT NULL`.
    var value: SyntaxNode?
}

/// An element of a filter: a comparison, the keyword AND, or something invalid.
struct Clause {
    var node: SyntaxNode
    /// The comparison if the node's kind is `.comparison`.
    var comparison: ParsedComparison?

    init(_ node: SyntaxNode) { self.node = node }

    init(_ comparison: ParsedComparison, upTo end: Int) {
        self.comparison = comparison
        node = SyntaxNode(kind: .comparison, span: comparison.key.span.lowerBound..<end)
    }
}
