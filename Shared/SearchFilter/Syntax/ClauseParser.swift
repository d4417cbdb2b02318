/// Parses tokens into clauses by recursive descent: a clause is a comparison of two operations, an operation consists of operands joined
/// by arithmetic operators, and an operand is a key, a value or a bracketed expression.
///
/// The parser rejects nothing. A token that fits nowhere becomes a separate clause, which the error will quote. Nesting causes no
/// recursion, since the content of brackets is skipped.
struct ClauseParser {
    private let source: Source
    private let tokens: [Token]
    private let brackets: BracketPairs
    private var index = 0

    /// Parses the clauses of the only statement in `source`.
    static func clauses(of source: Source) throws(SyntaxError) -> [Clause] {
        let tokens = try Tokenizer.tokens(of: source)
        guard !tokens.isEmpty else { throw .empty }
        var parser = try ClauseParser(source: source, tokens: tokens, brackets: BracketPairs(tokens), index: 0)
        try parser.requireSingleStatement()
        var clauses: [Clause] = []
        while parser.index < tokens.count { clauses.append(parser.clause()) }
        return clauses
    }

    /// A semicolon outside of parentheses ends a statement.
    private func requireSingleStatement() throws(SyntaxError) {
        var depth = 0
        for token in tokens.dropLast() {
            switch token.kind {
            case .openParenthesis: depth += 1
            case .closeParenthesis: depth -= 1
            case .semicolon where depth <= 0: throw .multipleStatements
            default: break
            }
        }
    }

    private mutating func clause() -> Clause {
        if let block = whereBlock() { return Clause(block) }
        guard let left = operation() else {
            defer { index += 1 }
            return Clause(SyntaxNode(kind: tokens[index].kind.alone, span: tokens[index].span))
        }
        var clause = Clause(left)
        guard left.kind.isComparable else { return clause }
        while let (sign, right) = operatorAndRightSide() {
            // With a second operator, everything before it becomes the key of a comparison, which `FilterParser` rejects.
            let comparison = ParsedComparison(key: clause.node, operator: source.text(sign.span), value: right)
            clause = Clause(comparison, upTo: right.span.upperBound)
        }
        return clause
    }

    private mutating func operatorAndRightSide() -> (Token, SyntaxNode)? {
        let checkpoint = index
        if let sign = take(.comparison), let right = operation(), right.kind.isComparable { return (sign, right) }
        index = checkpoint
        return nil
    }

    /// Parses `WHERE` and everything up to a keyword that ends such a block in SQL.
    private mutating func whereBlock() -> SyntaxNode? {
        guard let opener = take(.keyword, "WHERE") else { return nil }
        while index < tokens.count, !endsBlock(tokens[index]) { index += 1 }
        let end = index < tokens.count ? tokens[index].span.lowerBound : source.count
        return SyntaxNode(kind: .other, span: opener.span.lowerBound..<end)
    }

    private func endsBlock(_ token: Token) -> Bool {
        token.kind == .keyword && Self.blockEnds.contains(text(of: token))
    }

    private static let blockEnds: Set<String> = [
        "ORDER BY", "GROUP BY", "LIMIT", "UNION", "UNION ALL", "EXCEPT", "INTERSECT", "HAVING", "RETURNING", "INTO",
    ]

    private mutating func operation() -> SyntaxNode? {
        guard var left = operand() else { return nil }
        while left.kind.isOperand {
            let checkpoint = index
            guard take(.arithmetic) ?? take(.wildcard) != nil, let right = operand(), right.kind.isOperand else {
                index = checkpoint
                break
            }
            left = SyntaxNode(kind: .operation, span: left.span.lowerBound..<right.span.upperBound)
        }
        return left
    }

    private mutating func operand() -> SyntaxNode? {
        guard index < tokens.count else { return nil }
        let token = tokens[index]
        let start = token.span.lowerBound
        switch token.kind {
        case .name:
            if let function = function() { return atIndex(.openBracket) ? identifier(from: start) : function }
            index += 1
            return identifier(from: start)
        case .symbol:
            index += 1
            return identifier(from: start)
        case .openBracket:
            guard let brackets = bracketed(.openBracket, as: .brackets) else { return nil }
            return atIndex(.member) ? identifier(from: start) : brackets
        case .openParenthesis:
            return bracketed(.openParenthesis, as: .parenthesis)
        case .integer, .float:
            index += 1
            let number = SyntaxNode(kind: token.kind == .integer ? .integer : .float, span: token.span)
            return atIndex(.order) ? identifier(from: start) : number
        case .text:
            index += 1
            return SyntaxNode(kind: .text, span: token.span)
        case .placeholder:
            if let function = function() { return function }
            index += 1
            return SyntaxNode(kind: .placeholder, span: token.span)
        case .type:
            if let function = function() { return function }
            // MLflow doesn't recognize it at the beginning of a filter.
            guard index > 0, tokens.indices.contains(index + 1), tokens[index + 1].kind == .text else { return nil }
            index += 2
            return SyntaxNode(kind: .typedText, span: start..<tokens[index - 1].span.upperBound)
        case .keyword:
            return take(.keyword, "NULL").map { SyntaxNode(kind: .null, span: $0.span) }
        default:
            return nil
        }
    }

    /// Parses an identifier after its first token: members, an index, a cast, and the keywords ASC and DESC.
    private mutating func identifier(from start: Int) -> SyntaxNode {
        while index < tokens.count {
            switch tokens[index].kind {
            case .member:
                index += 1
                takeMember()
                continue
            case .openBracket where bracketed(.openBracket, as: .brackets) != nil:
                continue
            case .order:
                index += 1
                continue
            case .cast where index + 1 < tokens.count:
                index += 1
                if bracketed(.openParenthesis, as: .parenthesis) ?? function() == nil { index += 1 }
                continue
            default:
                break
            }
            break
        }
        return SyntaxNode(kind: .identifier, span: start..<tokens[index - 1].span.upperBound)
    }

    private mutating func takeMember() {
        guard function() ?? bracketed(.openBracket, as: .brackets) == nil else { return }
        guard index < tokens.count else { return }
        switch tokens[index].kind {
        case .name, .symbol, .wildcard, .text: index += 1
        default: break
        }
    }

    private mutating func function() -> SyntaxNode? {
        guard atIndex(.name) || atIndex(.type) || atIndex(.placeholder), let closer = brackets.closer(of: index + 1),
            tokens[index + 1].kind == .openParenthesis
        else { return nil }
        defer { index = closer + 1 }
        return SyntaxNode(kind: .function, span: tokens[index].span.lowerBound..<tokens[closer].span.upperBound)
    }

    private mutating func bracketed(_ opener: Token.Kind, as kind: SyntaxNode.Kind) -> SyntaxNode? {
        guard atIndex(opener), let closer = brackets.closer(of: index) else { return nil }
        defer { index = closer + 1 }
        return SyntaxNode(kind: kind, span: tokens[index].span.lowerBound..<tokens[closer].span.upperBound)
    }

    private func atIndex(_ kind: Token.Kind) -> Bool { index < tokens.count && tokens[index].kind == kind }

    private mutating func take(_ kind: Token.Kind, _ word: String? = nil) -> Token? {
        guard atIndex(kind), word == nil || text(of: tokens[index]) == word else { return nil }
        defer { index += 1 }
        return tokens[index]
    }

    private func text(of token: Token) -> String { source.capitals(token.span) }
}

extension Token.Kind {
    /// The kind of node for a token that isn't part of a larger node.
    fileprivate var alone: SyntaxNode.Kind {
        switch self {
        case .keyword: .keyword
        case .type: .type
        case .comma: .comma
        default: .other
        }
    }
}

extension SyntaxNode.Kind {
    /// Whether it can be an operand of arithmetic.
    fileprivate var isOperand: Bool {
        switch self {
        case .brackets, .parenthesis, .function, .identifier, .operation, .typedText, .integer, .float, .text,
            .placeholder:
            true
        default: false
        }
    }

    /// Whether it can be either side of a comparison.
    fileprivate var isComparable: Bool { self == .null || isOperand && self != .brackets }
}
